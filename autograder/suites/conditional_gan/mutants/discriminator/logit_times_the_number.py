# wrong: the logit times the label's number: the picture does not count for label 0; hint: what a label of 0 does
# visible check: passes
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
        chosen = one_hot(labels, self.classes)
        return (logits * chosen).sum(1) * labels
