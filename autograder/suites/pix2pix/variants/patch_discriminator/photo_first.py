# right: three kinds of networks by hand, photo first
class PatchDiscriminator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, layers=3):
        super().__init__()
        c = base_channels
        if layers == 0:
            self.net = nn.Sequential(
                nn.Conv2d(2 * image_channels, c, 1),
                nn.LeakyReLU(0.2, True),
                nn.Conv2d(c, 2 * c, 1),
                nn.BatchNorm2d(2 * c),
                nn.LeakyReLU(0.2, True),
                nn.Conv2d(2 * c, 1, 1),
            )
        else:
            net = [nn.Conv2d(2 * image_channels, c, 4, 2, 1), nn.LeakyReLU(0.2, True)]
            mult = 1
            for n in range(1, layers):
                last, mult = mult, min(2**n, 8)
                net += [nn.Conv2d(c * last, c * mult, 4, 2, 1), nn.BatchNorm2d(c * mult), nn.LeakyReLU(0.2, True)]
            last, mult = mult, min(2**layers, 8)
            net += [nn.Conv2d(c * last, c * mult, 4, 1, 1), nn.BatchNorm2d(c * mult), nn.LeakyReLU(0.2, True)]
            self.net = nn.Sequential(*net, nn.Conv2d(c * mult, 1, 4, 1, 1))

    def forward(self, sketch, photo):
        return self.net(torch.cat((photo, sketch), 1))
