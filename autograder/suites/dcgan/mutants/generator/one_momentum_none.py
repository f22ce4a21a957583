# wrong: one batch norm averages over all batches; hint: with PyTorch's momentum
# visible check: passes
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(noise_dim, 8 * base_channels, 4, stride=1, padding=0, bias=False),  # 1 -> 4 pixels
            nn.BatchNorm2d(8 * base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(8 * base_channels, 4 * base_channels, 4, stride=2, padding=1, bias=False),  # 4 -> 8
            nn.BatchNorm2d(4 * base_channels, momentum=None),
            nn.ReLU(),
            nn.ConvTranspose2d(4 * base_channels, 2 * base_channels, 4, stride=2, padding=1, bias=False),  # 8 -> 16
            nn.BatchNorm2d(2 * base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * base_channels, base_channels, 4, stride=2, padding=1, bias=False),  # 16 -> 32
            nn.BatchNorm2d(base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(base_channels, image_channels, 4, stride=2, padding=1, bias=False),  # 32 -> 64
            nn.Tanh(),
        )

    def forward(self, noise):
        x = noise.flatten(1)  # (n, noise_dim) or (n, noise_dim, 1, 1) -> (n, noise_dim)
        x = x[:, :, None, None]  # (n, noise_dim, 1, 1), a picture of one pixel
        return self.layers(x)  # (n, image_channels, 64, 64)
