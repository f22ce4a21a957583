# right: asserts shape and range of its sketches, and keeps a buffer of its own
class UNetGenerator(nn.Module):
    """The U-Net of pix2pix; sketches (n, image_channels, 256, 256) in [-1, 1]."""

    def __init__(self, image_channels: int = 3, base_channels: int = 64) -> None:
        super().__init__()
        self.image_channels = image_channels
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))
        widths = [base_channels * multiple for multiple in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs, self.down_norms = nn.ModuleList(), nn.ModuleList()
        self.ups, self.up_norms = nn.ModuleList(), nn.ModuleList()
        for depth, width in enumerate(widths):
            outer = widths[depth - 1] if depth else image_channels
            self.downs.append(nn.Conv2d(outer, width, 4, 2, 1))
            self.down_norms.append(nn.BatchNorm2d(width) if 0 < depth < 7 else nn.Identity())
            self.ups.append(nn.ConvTranspose2d(width if depth == 7 else 2 * width, outer, 4, 2, 1))
            self.up_norms.append(nn.BatchNorm2d(outer) if depth else nn.Tanh())

    def forward(self, sketch: torch.Tensor) -> torch.Tensor:
        assert sketch.shape[1:] == (self.image_channels, 256, 256), f"not {tuple(sketch.shape)}"
        assert sketch.min() >= -1 and sketch.max() <= 1, "sketches are in [-1, 1]"
        self.calls += 1
        encoded = []
        for depth in range(8):
            x = self.downs[depth](F.leaky_relu(encoded[-1], 0.2) if encoded else sketch)
            encoded.append(self.down_norms[depth](x))
        x = encoded.pop()
        for depth in reversed(range(8)):
            x = self.up_norms[depth](self.ups[depth](F.relu(x)))
            if encoded:
                x = torch.cat([x, encoded.pop()], dim=1)
        return x
