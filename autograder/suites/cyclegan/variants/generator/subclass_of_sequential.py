# right: a subclass of Sequential, without a forward of its own
class ResNetGenerator(nn.Sequential):
    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        n = base_channels
        super().__init__(
            nn.ReflectionPad2d((3, 3, 3, 3)),
            nn.Conv2d(image_channels, n, (7, 7)),
            nn.InstanceNorm2d(n),
            nn.ReLU(),
            nn.Conv2d(n, n * 2, (3, 3), (2, 2), (1, 1)),
            nn.InstanceNorm2d(n * 2),
            nn.ReLU(),
            nn.Conv2d(n * 2, n * 4, (3, 3), (2, 2), (1, 1)),
            nn.InstanceNorm2d(n * 4),
            nn.ReLU(),
            nn.Sequential(*map(ResidualBlock, [n * 4] * blocks)),
            nn.ConvTranspose2d(n * 4, n * 2, (3, 3), (2, 2), (1, 1), (1, 1)),
            nn.InstanceNorm2d(n * 2),
            nn.ReLU(),
            nn.ConvTranspose2d(n * 2, n, (3, 3), (2, 2), (1, 1), (1, 1)),
            nn.InstanceNorm2d(n),
            nn.ReLU(),
            nn.ReflectionPad2d((3, 3, 3, 3)),
            nn.Conv2d(n, image_channels, (7, 7)),
            nn.Tanh(),
        )
