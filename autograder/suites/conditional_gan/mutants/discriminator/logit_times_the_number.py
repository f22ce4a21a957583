# wrong: the logit times the label's number: the picture does not count for label 0; hint: what a label of 0 does
# visible check: passes
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))

    def forward(self, images, labels):
        return self.layers(images).squeeze(1) * labels
