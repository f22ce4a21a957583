# right: batch norm behind the activation, in front of the next convolution; generator by slices
class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.start = nn.Linear(noise_dim, 32 * 7 * 7)
        self.up = nn.ModuleList([nn.ConvTranspose2d(32, 16, 4, 2, 1), nn.ConvTranspose2d(16, 8, 3, 2)])
        self.norms = nn.ModuleList([nn.BatchNorm2d(32), nn.BatchNorm2d(16)])
        self.paint = nn.Conv2d(8, 1, 2)

    def forward(self, noise):
        x = self.start(noise).relu().view(-1, 32, 7, 7)
        for up, norm in zip(self.up, self.norms):
            x = up(norm(x)).relu()
        return self.paint(x).tanh()


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.BatchNorm2d(16),
            nn.Conv2d(16, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.BatchNorm2d(32),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 1), nn.Flatten(0),
        )

    def forward(self, images):
        return self.layers(images)
