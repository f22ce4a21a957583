# right: modules for pools and upsampling, skips first
class PoolUNetGenerator(nn.Module):
    def __init__(self):
        super().__init__()

        def stage(first, i, o, k=3, act=nn.ReLU()):
            return nn.Sequential(first, nn.Conv2d(i, o, k, 1, k // 2), nn.BatchNorm2d(o), act)

        leaky = nn.LeakyReLU(0.2)
        self.enc1 = stage(nn.Identity(), 3, 32, 5, leaky)
        self.enc2 = stage(nn.AvgPool2d(4, 4), 32, 64, act=leaky)
        self.enc3 = stage(nn.AvgPool2d(2, 2), 64, 128, act=leaky)
        self.enc4 = stage(nn.AvgPool2d(2, 2), 128, 256, act=leaky)
        self.dec1 = stage(nn.Upsample(scale_factor=2), 256, 128)
        self.dec2 = stage(nn.Upsample(scale_factor=2), 256, 64)
        self.dec3 = stage(nn.UpsamplingNearest2d(scale_factor=4), 128, 32)
        self.dec4 = nn.Sequential(nn.Conv2d(64, 3, 5, 1, 2), nn.Tanh())

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(a)
        c = self.enc3(b)
        x = self.dec1(self.enc4(c))
        x = self.dec2(torch.cat([c, x], 1))
        x = self.dec3(torch.cat([b, x], 1))
        return self.dec4(torch.cat([a, x], 1))


class PoolDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [16, 32, 64, 128, 256]
        net = [nn.Conv2d(6, 16, 5, 1, 2), nn.BatchNorm2d(16), nn.LeakyReLU(0.2)]
        for i in range(4):
            net.append(nn.AvgPool2d(4 if i == 0 else 2))
            for j in (i, i + 1):
                net += [nn.Conv2d(widths[j], widths[i + 1], 3, 1, 1), nn.BatchNorm2d(widths[i + 1]), nn.LeakyReLU(0.2)]
        self.net = nn.Sequential(*net, nn.Conv2d(256, 1, 1))

    def forward(self, sketch, photo):
        return self.net(torch.cat([sketch, photo], 1))
