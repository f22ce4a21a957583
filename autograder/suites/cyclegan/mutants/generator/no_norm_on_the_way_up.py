# wrong: no norm behind the first up-convolution; hint: on the way up, there in both modes
# visible check: passes
class ResNetGenerator(nn.Module):
    """Translate a picture: two layers down, residual blocks, two layers up.

    base_channels: of the layers at full size (ngf in the authors' code); in the middle there are four times as many.
    Height and width are multiples of 4. Shapes: (n, image_channels, h, w) -> the same, in [-1, 1].
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 7.2.
    """

    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        super().__init__()
        narrow, middle, wide = base_channels, 2 * base_channels, 4 * base_channels
        self.first = nn.Sequential(
            nn.ReflectionPad2d(3), nn.Conv2d(image_channels, narrow, 7), nn.InstanceNorm2d(narrow), nn.ReLU()
        )
        self.down = nn.Sequential(
            nn.Conv2d(narrow, middle, 3, stride=2, padding=1),
            nn.InstanceNorm2d(middle),
            nn.ReLU(),
            nn.Conv2d(middle, wide, 3, stride=2, padding=1),
            nn.InstanceNorm2d(wide),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(*[ResidualBlock(wide) for _ in range(blocks)])
        self.up = nn.Sequential(
            nn.ConvTranspose2d(wide, middle, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(middle, narrow, 3, stride=2, padding=1, output_padding=1),
            nn.InstanceNorm2d(narrow),
            nn.ReLU(),
        )
        self.last = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(narrow, image_channels, 7), nn.Tanh())

    def forward(self, images):
        x = self.first(images)  # (n, base_channels, h, w)
        x = self.down(x)  # (n, 4 * base_channels, h / 4, w / 4)
        x = self.blocks(x)  # (n, 4 * base_channels, h / 4, w / 4)
        x = self.up(x)  # (n, base_channels, h, w)
        return self.last(x)  # (n, image_channels, h, w)
