# right: tables and loops, fixed sizes for upsampling, photo first; initial weights of the paper
class PoolUNetGenerator(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for i, o, k in ((3, 32, 5), (32, 64, 3), (64, 128, 3), (128, 256, 3), (256, 128, 3), (256, 64, 3), (128, 32, 3)):
            self.convs.append(nn.Conv2d(i, o, k, padding=k // 2))
            self.norms.append(nn.BatchNorm2d(o))
        self.out = nn.Conv2d(64, 3, 5, padding=2)

    def block(self, i, x):
        return F.leaky_relu(self.norms[i](self.convs[i](x)), 0.2 if i < 4 else 0.0)

    def forward(self, x):
        skips = []
        for i, pool in enumerate((1, 4, 2, 2)):
            x = self.block(i, F.avg_pool2d(x, pool))
            skips.append(x)
        skips.pop()
        for i, size in enumerate((8, 16, 64)):
            x = self.block(4 + i, F.interpolate(x, size=(size, size)))
            x = torch.cat([x, skips.pop()], 1)
        return self.out(x).tanh()


class PoolDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()

        def conv(i, o, k=3):
            return nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2), nn.BatchNorm2d(o), nn.LeakyReLU(0.2))

        self.features = nn.Sequential(conv(6, 16, 5))
        for i, o, p in ((16, 32, 4), (32, 64, 2), (64, 128, 2), (128, 256, 2)):
            self.features.append(nn.Sequential(nn.AvgPool2d(p), conv(i, o), conv(o, o)))
        self.head = nn.Conv2d(256, 1, 1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)

    def forward(self, sketch, photo):
        return self.head(self.features(torch.cat([photo, sketch], 1)))
