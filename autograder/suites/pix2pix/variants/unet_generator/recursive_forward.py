# right: ModuleDicts and a recursive forward, activations as maxima, tanh from sigmoid
class UNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        widths = [image_channels] + [base_channels * min(2**i, 8) for i in range(8)]
        self.up, self.down, self.norms = nn.ModuleDict(), nn.ModuleDict(), nn.ModuleDict()
        for i in range(8):
            self.down[str(i)] = nn.Conv2d(widths[i], widths[i + 1], (4, 4), (2, 2), (1, 1))
            self.up[str(i)] = nn.ConvTranspose2d(widths[i + 1] * (1 if i == 7 else 2), widths[i], (4, 4), (2, 2), (1, 1))
            if i > 0:
                self.norms[f"up{i}"] = nn.BatchNorm2d(widths[i])
                if i < 7:
                    self.norms[f"down{i}"] = nn.BatchNorm2d(widths[i + 1])

    def norm(self, name, x):
        return self.norms[name](x) if name in self.norms else x

    def level(self, x, i):
        y = self.norm(f"down{i}", self.down[str(i)](x))
        if i < 7:
            y = torch.cat([self.level(torch.maximum(y, 0.2 * y), i + 1), y], dim=-3)
        return self.norm(f"up{i}", self.up[str(i)](y.clamp_min(0)))

    def forward(self, sketch):
        return 2 * torch.sigmoid(2 * self.level(sketch, 0)) - 1
