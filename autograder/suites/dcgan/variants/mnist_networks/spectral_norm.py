# right: spectral norm of both kinds in the discriminator, a mean over patches
from torch.nn.utils import spectral_norm as old_spectral_norm
from torch.nn.utils.parametrizations import spectral_norm

class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(noise_dim, 784, bias=False),
            nn.Unflatten(-1, (16, 7, 7)),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 8, kernel_size=6, stride=4, padding=1),
            nn.Tanh(),
            nn.Conv2d(8, 1, 3, padding=1),
        )

    def forward(self, noise):
        return torch.tanh(self.net(noise))


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            spectral_norm(nn.Conv2d(1, 16, 4, 2, 1, bias=False)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(16, 32, 4, 2, 1, bias=False)),
            nn.BatchNorm2d(32),
            nn.LeakyReLU(0.2),
            old_spectral_norm(nn.Conv2d(32, 1, 3)),
        )

    def forward(self, images):
        return self.net(images).mean(dim=(1, 2, 3))
