# right: convolutions that reflect by themselves, one list of layers
class ResNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        super().__init__()

        def block(convolution):
            return [convolution, nn.InstanceNorm2d(convolution.out_channels), nn.ReLU(inplace=True)]

        c = base_channels
        layers = block(nn.Conv2d(image_channels, c, 7, padding=3, padding_mode="reflect"))
        for i in range(2):
            layers += block(nn.Conv2d(c * 2**i, c * 2 ** (i + 1), 3, 2, 1))
        layers += [ResidualBlock(4 * c) for _ in range(blocks)]
        for i in (2, 1):
            layers += block(nn.ConvTranspose2d(c * 2**i, c * 2 ** (i - 1), 3, 2, 1, 1))
        layers += [nn.Conv2d(c, image_channels, 7, padding=3, padding_mode="reflect"), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, images):
        return self.model(images)
