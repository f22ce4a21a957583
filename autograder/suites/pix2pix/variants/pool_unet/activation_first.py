# right: activations in front of the convolutions, or between convolution and norm; pools by hand
class Stage(nn.Module):
    def __init__(self, channels, width, kernel_size=3, slope=0.0):
        super().__init__()
        self.act = nn.LeakyReLU(slope)
        self.norm = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(channels, width, kernel_size, padding="same")

    def forward(self, x):
        return self.norm(self.act(self.conv(x)))


class PoolUNetGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleList(
            [Stage(3, 32, 5, 0.2), Stage(32, 64, slope=0.2), Stage(64, 128, slope=0.2), Stage(128, 256, slope=0.2)]
            + [Stage(256, 128), Stage(256, 64), Stage(128, 32)]
        )
        self.last = nn.Conv2d(64, 3, 5, padding=2)

    def forward(self, x):
        def pool(x, s):
            n, c, h, w = x.shape
            return x.reshape(n, c, h // s, s, w // s, s).mean(dim=(3, 5))

        def grow(x, s):
            return x.repeat_interleave(s, 2).repeat_interleave(s, 3)

        s = self.stages
        a = s[0](x)
        b = s[1](pool(a, 4))
        c = s[2](pool(b, 2))
        d = s[3](pool(c, 2))
        y = torch.cat([s[4](grow(d, 2)), c], 1)
        y = torch.cat([s[5](grow(y, 2)), b], 1)
        y = torch.cat([s[6](grow(y, 4)), a], 1)
        return torch.tanh(self.last(y))


class PoolDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(6, 16, 5, padding=2)
        self.first_norm = nn.BatchNorm2d(16)
        pairs = [(16, 32), (32, 32), (32, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256)]
        self.convs = nn.ModuleList([nn.Conv2d(i, o, 3, padding=1) for i, o in pairs])
        self.norms = nn.ModuleList([nn.BatchNorm2d(o) for _, o in pairs])
        self.last = nn.Conv2d(256, 1, 1)

    def forward(self, sketch, photo):
        x = self.first_norm(self.first(torch.cat([sketch, photo], 1)))
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            if i % 2 == 0:
                x = F.adaptive_avg_pool2d(x, (16, 8, 4, 2)[i // 2])
            x = norm(conv(F.leaky_relu(x, 0.2)))
        return self.last(F.leaky_relu(x, 0.2))
