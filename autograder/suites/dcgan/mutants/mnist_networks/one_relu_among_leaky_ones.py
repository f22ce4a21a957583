# wrong: one ReLU among the LeakyReLUs; hint: Which activation
# visible check: passes
class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.noise_dim = noise_dim
        self.ups = nn.ModuleList([
            nn.ConvTranspose2d(noise_dim, 64, 4, 1, 0),
            nn.ConvTranspose2d(64, 32, 3, 2, 1),
            nn.ConvTranspose2d(32, 16, 4, 2, 1),
            nn.ConvTranspose2d(16, 1, 4, 2, 1),
        ])
        self.norms = nn.ModuleList([nn.BatchNorm2d(n, momentum=0.2) for n in (64, 32, 16)])

    def forward(self, z):
        x = z.reshape(z.shape[0], self.noise_dim, 1, 1)
        for up, norm in zip(self.ups, self.norms):
            x = norm(F.relu(up(x)))
        return self.ups[-1](x).tanh()


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 12, 5, stride=2)
        self.b = nn.Conv2d(12, 24, 5, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(24)
        self.c = nn.Linear(24 * 16, 32)
        self.d = nn.Linear(32, 1)

    def forward(self, x):
        x = F.leaky_relu(self.a(x), 0.2)
        x = F.relu(self.norm(self.b(x)))
        x = F.leaky_relu(self.c(torch.flatten(x, 1)), 0.2)
        return self.d(x)[:, 0]
