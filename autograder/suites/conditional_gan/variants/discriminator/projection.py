# right: projection with a learned vector for each class
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2, 2), nn.LeakyReLU(0.1), nn.Conv2d(16, 32, 5, 2, 2), nn.LeakyReLU(0.1), nn.Flatten()
        )
        self.real = nn.Linear(32 * 49, 1)
        self.match = nn.Embedding(classes, 32 * 49)

    def forward(self, images, labels):
        phi = self.features(images)
        return self.real(phi).squeeze(1) + (self.match(labels) * phi).sum(dim=1)
