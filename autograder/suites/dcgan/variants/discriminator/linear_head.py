# right: the last layer as a matrix, lazily made; mean over the last dimension
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        c = base_channels
        self.features = nn.Sequential(
            nn.Conv2d(image_channels, c, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
            nn.Conv2d(c, 2 * c, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * c), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * c, 4 * c, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * c), nn.LeakyReLU(0.2),
            nn.Conv2d(4 * c, 8 * c, 4, 2, 1, bias=False), nn.BatchNorm2d(8 * c), nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.logit = nn.LazyLinear(1, bias=False)

    def forward(self, x):
        return self.logit(self.features(x)).mean(dim=1)
