# wrong: always 100 numbers of noise; hint: Does noise_dim set
# visible check: fails
from torch.nn.utils.parametrizations import weight_norm

class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.a = weight_norm(nn.ConvTranspose2d(100, 24, 7))
        self.na = nn.BatchNorm2d(24)
        self.b = nn.ConvTranspose2d(24, 24, 4, 4)
        self.nb = nn.BatchNorm2d(24)
        self.c = nn.Conv2d(24, 1, 7, padding=3)

    def forward(self, noise):
        x = self.na(self.a(noise.unsqueeze(2).unsqueeze(3))).relu()
        x = self.nb(self.b(x)).relu()
        return 2 * self.c(x).sigmoid() - 1


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            weight_norm(nn.Conv2d(1, 16, 7, 4, 3)), nn.LeakyReLU(0.2),
            nn.Conv2d(16, 32, 7, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(32, 1, bias=False), nn.Flatten(0),
        )

    def forward(self, images):
        return self.net(images)
