# right: blocks of its own, without ResidualBlock, and a size for every up-convolution
class Change(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"),
            nn.InstanceNorm2d(width),
            nn.ReLU(True),
            nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"),
            nn.InstanceNorm2d(width),
        )

    def forward(self, x):
        return self.body(x) + x


class ResNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        super().__init__()
        widths = [base_channels, base_channels * 2, base_channels * 4]
        self.first = nn.Conv2d(image_channels, widths[0], 7)
        self.downs = nn.ModuleList(nn.Conv2d(a, b, 3, 2, 1) for a, b in zip(widths, widths[1:]))
        self.middle = nn.Sequential(*(Change(widths[-1]) for _ in range(blocks)))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(b, a, 3, 2, 1) for a, b in reversed(list(zip(widths, widths[1:]))))
        self.last = nn.Conv2d(widths[0], image_channels, 7)
        self.reflect = nn.ReflectionPad2d(3)

    def forward(self, images):
        norm = nn.functional.instance_norm
        x = norm(self.first(self.reflect(images))).relu()
        sizes = []
        for down in self.downs:
            sizes.append(x.shape[-2:])
            x = norm(down(x)).relu()
        x = self.middle(x)
        for up in self.ups:
            x = norm(up(x, output_size=sizes.pop())).relu()
        return self.last(self.reflect(x)).tanh()
