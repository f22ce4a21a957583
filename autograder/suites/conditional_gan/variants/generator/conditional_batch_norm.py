# right: each class scales and shifts channels
class ConditionalNorm(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Parameter(1 + 0.02 * torch.randn(classes, channels))
        self.shift = nn.Parameter(0.02 * torch.randn(classes, channels))

    def forward(self, x, labels):
        return self.norm(x) * self.scale[labels, :, None, None] + self.shift[labels, :, None, None]


class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.noise_dim = noise_dim
        self.ups = nn.ModuleList([
            nn.ConvTranspose2d(noise_dim, 32, 4, 1, 0),
            nn.ConvTranspose2d(32, 16, 3, 2, 1),
            nn.ConvTranspose2d(16, 8, 4, 2, 1),
        ])
        self.norms = nn.ModuleList([ConditionalNorm(n, classes) for n in (32, 16, 8)])
        self.last = nn.ConvTranspose2d(8, 1, 4, 2, 1)

    def forward(self, noise, labels):
        x = noise.view(-1, self.noise_dim, 1, 1)
        for up, norm in zip(self.ups, self.norms):
            x = norm(up(x), labels).relu()
        return self.last(x).tanh()
