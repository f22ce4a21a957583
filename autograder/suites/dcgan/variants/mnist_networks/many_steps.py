# right: 1, 3, 7, 14, 28 pixels by kernels of many sizes; a deep discriminator with dilation and a 1×1 projection
class MnistGenerator(nn.Sequential):
    def __init__(self, noise_dim=100):
        super().__init__(
            nn.Unflatten(1, (noise_dim, 1, 1)),
            nn.ConvTranspose2d(noise_dim, 48, 1, bias=False),
            nn.ConvTranspose2d(48, 48, 3), nn.BatchNorm2d(48), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(48, 32, 3, stride=2), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1), nn.BatchNorm2d(16), nn.ELU(),
            nn.ConvTranspose2d(16, 8, 2, stride=2), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 1, 5, padding=2), nn.Hardtanh(),
        )


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        def block(a, b, *args, **kwargs):
            return nn.Sequential(nn.Conv2d(a, b, *args, bias=False, **kwargs), nn.BatchNorm2d(b), nn.LeakyReLU(0.1, True))
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.LeakyReLU(0.1),
            block(8, 16, 4, 2, 1), block(16, 16, 3, padding=2, dilation=2), block(16, 24, 4, 2, 1), block(24, 4, 1),
        )
        self.head = nn.Conv2d(4, 1, 7)

    def forward(self, images):
        return self.head(self.body(images)).flatten(0)
