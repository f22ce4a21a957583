# wrong: logits are cut off at 10; hint: nothing else
# visible check: passes
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(image_channels, base_channels, 4, stride=2, padding=1, bias=False),  # 64 -> 32 pixels
            nn.LeakyReLU(0.2),
            nn.Conv2d(base_channels, 2 * base_channels, 4, stride=2, padding=1, bias=False),  # 32 -> 16
            nn.BatchNorm2d(2 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * base_channels, 4 * base_channels, 4, stride=2, padding=1, bias=False),  # 16 -> 8
            nn.BatchNorm2d(4 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * base_channels, 8 * base_channels, 4, stride=2, padding=1, bias=False),  # 8 -> 4
            nn.BatchNorm2d(8 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(8 * base_channels, 1, 4, stride=1, padding=0, bias=False),  # 4 -> 1
        )

    def forward(self, images):
        x = self.layers(images)  # (n, image_channels, 64, 64) -> (n, 1, 1, 1)
        return x.flatten().clamp(-10, 10)  # (n,)
