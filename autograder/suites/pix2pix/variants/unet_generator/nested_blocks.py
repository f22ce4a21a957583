# right: block in block, as in the paper's own code, skips first
class SkipBlock(nn.Module):
    def __init__(self, outer, inner, image=None, inside=None):
        super().__init__()
        self.outermost = image is not None
        channels = image if self.outermost else outer
        down = nn.Conv2d(channels, inner, 4, 2, 1)
        up = nn.ConvTranspose2d(inner if inside is None else 2 * inner, channels, 4, 2, 1)
        if self.outermost:
            layers = [down, inside, nn.ReLU(True), up, nn.Tanh()]
        elif inside is None:
            layers = [nn.LeakyReLU(0.2), down, nn.ReLU(True), up, nn.BatchNorm2d(outer)]
        else:
            layers = [nn.LeakyReLU(0.2), down, nn.BatchNorm2d(inner), inside, nn.ReLU(True), up, nn.BatchNorm2d(outer)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x) if self.outermost else torch.cat([x, self.model(x)], 1)


class UNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        c = base_channels
        block = SkipBlock(8 * c, 8 * c)
        for _ in range(3):
            block = SkipBlock(8 * c, 8 * c, inside=block)
        for outer, inner in ((4, 8), (2, 4), (1, 2)):
            block = SkipBlock(outer * c, inner * c, inside=block)
        self.model = SkipBlock(None, c, image=image_channels, inside=block)

    def forward(self, sketch):
        return self.model(sketch)
