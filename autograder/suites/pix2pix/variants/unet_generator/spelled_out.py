# right: every layer by its name, skips behind LeakyReLU in place
class UNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        n = base_channels

        def down(i, o, norm=True):
            return nn.Sequential(nn.Conv2d(i, o, 4, 2, 1), nn.BatchNorm2d(o) if norm else nn.Identity(), nn.LeakyReLU(0.2, inplace=True))

        def up(i, o):
            return nn.Sequential(nn.ConvTranspose2d(i, o, 4, 2, 1), nn.BatchNorm2d(o), nn.ReLU(inplace=True))

        self.d1, self.d2, self.d3, self.d4 = down(image_channels, n, False), down(n, 2 * n), down(2 * n, 4 * n), down(4 * n, 8 * n)
        self.d5, self.d6, self.d7, self.d8 = down(8 * n, 8 * n), down(8 * n, 8 * n), down(8 * n, 8 * n), down(8 * n, 8 * n, False)
        self.u1, self.u2, self.u3, self.u4 = up(8 * n, 8 * n), up(16 * n, 8 * n), up(16 * n, 8 * n), up(16 * n, 8 * n)
        self.u5, self.u6, self.u7 = up(16 * n, 4 * n), up(8 * n, 2 * n), up(4 * n, n)
        self.u8 = nn.ConvTranspose2d(2 * n, image_channels, 4, 2, 1)

    def forward(self, x):
        d1 = self.d1(x)
        d2 = self.d2(d1)
        d3 = self.d3(d2)
        d4 = self.d4(d3)
        d5 = self.d5(d4)
        d6 = self.d6(d5)
        d7 = self.d7(d6)
        u = self.u1(F.relu(self.d8(d7)))
        for layer, skip in zip((self.u2, self.u3, self.u4, self.u5, self.u6, self.u7, self.u8), (d7, d6, d5, d4, d3, d2, d1)):
            u = layer(torch.cat([u, F.relu(skip)], 1))
        return torch.tanh(u)
