# wrong: instance norm instead of batch norm; hint: nothing else
# visible check: passes
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        layers, channels = [], image_channels
        for i in range(4):
            out = base_channels << i
            layers.append(nn.Conv2d(channels, out, kernel_size=4, stride=2, padding=1, bias=False))
            if i > 0:
                layers.append(nn.InstanceNorm2d(out, affine=True, track_running_stats=True))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            channels = out
        layers.append(nn.Conv2d(channels, 1, kernel_size=4, bias=False))
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x).view(-1, 1).squeeze(1)
