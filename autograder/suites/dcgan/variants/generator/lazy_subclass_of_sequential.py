# right: lazy layers in a subclass of Sequential
class DCGANGenerator(nn.Sequential):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        layers = []
        for factor in (8, 4, 2, 1):
            first = factor == 8
            layers.append(nn.LazyConvTranspose2d(factor * base_channels, 4, 1 if first else 2, 0 if first else 1, bias=False))
            layers += [nn.LazyBatchNorm2d(), nn.ReLU(inplace=True)]
        super().__init__(*layers, nn.LazyConvTranspose2d(image_channels, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, noise):
        return super().forward(noise[..., None, None] if noise.ndim == 2 else noise)
