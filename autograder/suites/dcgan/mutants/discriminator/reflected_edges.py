# wrong: pads by reflection; hint: nothing else
# visible check: passes
class DCGANDiscriminator(nn.Module):
    def __init__(self, base_channels=64, image_channels=3):
        super().__init__()
        widths = (image_channels, base_channels, 2 * base_channels, 4 * base_channels, 8 * base_channels, 1)
        self.kernels = nn.ParameterList()
        for before, after in zip(widths, widths[1:]):
            self.kernels.append(nn.Parameter(torch.empty(after, before, 4, 4).normal_(0, 0.02)))
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for width in widths[2:5]])

    def forward(self, images):
        x = F.leaky_relu(F.conv2d(F.pad(images, (1, 1, 1, 1)), self.kernels[0], stride=2), 0.2)
        for kernel, norm in zip(list(self.kernels)[1:4], self.norms):
            x = F.leaky_relu(norm(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), kernel, stride=2)), 0.2)
        return torch.einsum("nchw,ochw->no", x, self.kernels[4])[:, 0]
