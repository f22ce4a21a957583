# right: lazy layers
class UNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        widths = [base_channels * m for m in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs = nn.ModuleList(nn.LazyConv2d(w, 4, 2, 1) for w in widths)
        self.down_norms = nn.ModuleList(nn.LazyBatchNorm2d() if 0 < i < 7 else nn.Identity() for i in range(8))
        self.ups = nn.ModuleList(nn.LazyConvTranspose2d(w, 4, 2, 1) for w in [*widths[-2::-1], image_channels])
        self.up_norms = nn.ModuleList(nn.LazyBatchNorm2d() if i < 7 else nn.Tanh() for i in range(8))

    def forward(self, x):
        skips = []
        for i in range(8):
            x = self.down_norms[i](self.downs[i](F.leaky_relu(x, 0.2) if i else x))
            skips.append(x)
        x = skips.pop()
        for i in range(8):
            x = self.up_norms[i](self.ups[i](F.relu(x)))
            x = torch.cat([x, skips.pop()], 1) if skips else x
        return x
