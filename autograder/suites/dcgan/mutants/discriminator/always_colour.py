# wrong: image_channels not used; hint: both arguments
# visible check: passes
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        layers, channels = [], 3
        for i in range(4):
            out = base_channels << i
            layers.append(nn.Conv2d(channels, out, kernel_size=4, stride=2, padding=1, bias=False))
            if i > 0:
                layers.append(nn.BatchNorm2d(out))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            channels = out
        layers.append(nn.Conv2d(channels, 1, kernel_size=4, bias=False))
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x).view(-1, 1).squeeze(1)
