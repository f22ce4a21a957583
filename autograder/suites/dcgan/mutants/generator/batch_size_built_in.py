# wrong: made for batches of five; hint: batch size built in
# visible check: fails
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        widths = [noise_dim, 8 * base_channels, 4 * base_channels, 2 * base_channels, base_channels, image_channels]
        self.kernels = nn.ParameterList([nn.Parameter(0.05 * torch.randn(a, b, 4, 4)) for a, b in zip(widths, widths[1:])])
        self.norms = nn.ModuleList([nn.BatchNorm2d(w) for w in widths[1:-1]])

    def forward(self, noise):
        x = noise.reshape(5, -1, 1, 1)
        for i, norm in enumerate(self.norms):
            x = F.conv_transpose2d(x, self.kernels[i], stride=2 if i else 1, padding=1 if i else 0)
            x = norm(x).clamp(min=0)
        x = F.conv_transpose2d(x, self.kernels[-1], stride=2, padding=1)
        return 2 * torch.sigmoid(2 * x) - 1
