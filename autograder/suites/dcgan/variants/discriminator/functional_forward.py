# right: activations in forward, the slope by a maximum
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        c = base_channels
        self.judge = nn.Conv2d(8 * c, 1, 4, bias=False)
        self.norms = nn.ModuleDict({str(k): nn.BatchNorm2d(k * c) for k in (8, 4, 2)})
        self.convs = nn.ModuleDict(
            {str(k): nn.Conv2d(image_channels if k == 1 else k * c // 2, k * c, 4, 2, 1, bias=False) for k in (1, 2, 4, 8)}
        )

    def forward(self, images):
        x = images
        for k in ("1", "2", "4", "8"):
            x = self.convs[k](x)
            if k in self.norms:
                x = self.norms[k](x)
            x = torch.maximum(x, 0.2 * x)
        return self.judge(x)[:, 0, 0, 0]
