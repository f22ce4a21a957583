# wrong: logits beside their average: a single one is always 0; hint: use the pictures
# visible check: passes
class MnistGenerator(nn.Module):
    """Turn noise into pictures of 28×28 by transposed convolutions; your own design.

    Shapes: (n, noise_dim) -> (n, 1, 28, 28) in [-1, 1].
    """

    def __init__(self, noise_dim=100):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(noise_dim, 64, 7, bias=False),  # 1 -> 7 pixels
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1, bias=False),  # 7 -> 14
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),  # 14 -> 28
            nn.Tanh(),
        )

    def forward(self, noise):
        x = noise[:, :, None, None]  # (n, noise_dim) -> (n, noise_dim, 1, 1)
        return self.layers(x)  # (n, 1, 28, 28)


class MnistDiscriminator(nn.Module):
    """Judge pictures of 28×28 by strided convolutions; your own design.

    Shapes: (n, 1, 28, 28) -> logits (n,).
    """

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),  # 28 -> 14 pixels
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1, bias=False),  # 14 -> 7
            nn.BatchNorm2d(64),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 1, 7),  # 7 -> 1
        )

    def forward(self, images):
        x = self.layers(images)  # (n, 1, 28, 28) -> (n, 1, 1, 1)
        return x.flatten() - x.mean()  # (n,)
