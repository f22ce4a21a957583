# wrong: every label is taken for 0; hint: Does the label get into the network
# visible check: fails
class ConditionalDiscriminator(nn.Module):

    def __init__(self, classes=10):
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, classes, 7),
            nn.Flatten(),
        )

    def forward(self, images, labels):
        logits = self.layers(images)
        chosen = one_hot(torch.zeros_like(labels), self.classes)
        return (logits * chosen).sum(1)
