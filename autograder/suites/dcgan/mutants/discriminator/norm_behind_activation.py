# wrong: batch norm behind LeakyReLU; hint: before LeakyReLU, or behind
# visible check: passes
class Down(nn.Module):
    def __init__(self, before, after, norm):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 4, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(after) if norm else nn.Identity()

    def forward(self, x):
        return self.norm(F.leaky_relu(self.conv(x), negative_slope=0.2))


class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        widths = [image_channels] + [base_channels * f for f in (1, 2, 4, 8)]
        self.downs = nn.ModuleList(Down(a, b, i > 0) for i, (a, b) in enumerate(zip(widths, widths[1:])))
        self.last = nn.Conv2d(widths[-1], 1, 4, 2, 0, bias=False)

    def forward(self, images):
        for down in self.downs:
            images = down(images)
        return self.last(images).reshape(len(images))
