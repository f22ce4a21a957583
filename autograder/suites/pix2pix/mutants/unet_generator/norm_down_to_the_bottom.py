# wrong: batch norm behind layer 8 in place of layer 7; hint: single pixel cannot be normalised
# visible check: fails
class UNetGenerator(nn.Module):
    """The U-Net of the paper for pictures of 256×256, without dropout; base_channels is ngf in the paper's code.

    Shapes: (n, image_channels, 256, 256) -> the same, in [-1, 1].
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.1.1.
    """

    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        widths = [base_channels * multiple for multiple in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs = nn.ModuleList([nn.Conv2d(image_channels, widths[0], 4, stride=2, padding=1)])
        for i in range(1, 8):
            layers = [nn.LeakyReLU(0.2), nn.Conv2d(widths[i - 1], widths[i], 4, stride=2, padding=1)]
            if i != 6:  # at the bottom there is a single pixel, and nothing to normalise
                layers.append(nn.BatchNorm2d(widths[i]))
            self.downs.append(nn.Sequential(*layers))
        self.ups = nn.ModuleList()
        for i in range(7, 0, -1):
            channels = widths[i] if i == 7 else 2 * widths[i]  # from below, and from the skip connection
            layers = [nn.ReLU(), nn.ConvTranspose2d(channels, widths[i - 1], 4, stride=2, padding=1)]
            layers.append(nn.BatchNorm2d(widths[i - 1]))
            self.ups.append(nn.Sequential(*layers))
        last = nn.ConvTranspose2d(2 * widths[0], image_channels, 4, stride=2, padding=1)
        self.ups.append(nn.Sequential(nn.ReLU(), last, nn.Tanh()))

    def forward(self, sketch):
        x = sketch  # (n, image_channels, 256, 256)
        encoded = []
        for down in self.downs:
            x = down(x)  # half the height, half the width
            encoded.append(x)
        encoded.pop()  # the bottom is x itself
        for up in self.ups:
            x = up(x)  # twice the height, twice the width
            if encoded:
                x = torch.cat([x, encoded.pop()], dim=1)  # twice the channels
        return x  # (n, image_channels, 256, 256)
