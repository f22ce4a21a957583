# wrong: batch norm without running averages; hint: its own picture and its own label only
# visible check: passes
class ConditionalDiscriminator(nn.Module):

    def __init__(self, classes=10):
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(64, track_running_stats=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, classes, 7),
            nn.Flatten(),
        )

    def forward(self, images, labels):
        logits = self.layers(images)
        chosen = one_hot(labels, self.classes)
        return (logits * chosen).sum(1)
