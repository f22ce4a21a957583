# right: lists of layers, functional activations
class PatchDiscriminator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, layers=3):
        super().__init__()
        kernel = 4 if layers else 1
        strides = [2] * layers + [1] * (3 - min(layers, 1) if layers == 0 else 2)
        widths = [2 * image_channels, *(base_channels * min(2**i, 8) for i in range(len(strides) - 1)), 1]
        self.head = nn.Conv2d(widths[-2], 1, kernel, 1, int(layers > 0))
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, kernel, s, int(layers > 0)) for i, o, s in zip(widths, widths[1:-1], strides)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(w) for w in widths[2:-1])

    def forward(self, sketch, photo):
        x = F.leaky_relu(self.convs[0](torch.hstack([sketch, photo])), negative_slope=0.2)
        for conv, norm in zip(self.convs[1:], self.norms):
            x = norm(conv(x))
            x = torch.where(x < 0, x / 5, x)
        return self.head(x)
