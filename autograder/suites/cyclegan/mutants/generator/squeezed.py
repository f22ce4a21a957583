# wrong: a picture alone comes out without its batch; hint: stay a batch of one
# visible check: passes
class ResNetGenerator(nn.Module):
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
            nn.InstanceNorm2d(middle),
            nn.ReLU(),
            nn.ConvTranspose2d(middle, narrow, 3, stride=2, padding=1, output_padding=1),
            nn.InstanceNorm2d(narrow),
            nn.ReLU(),
        )
        self.last = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(narrow, image_channels, 7), nn.Tanh())

    def forward(self, images):
        x = self.first(images)
        x = self.down(x)
        x = self.blocks(x)
        x = self.up(x)
        return self.last(x).squeeze(0)
