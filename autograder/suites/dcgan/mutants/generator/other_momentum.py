# wrong: another momentum; hint: PyTorch's momentum
# visible check: passes
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        self.noise_dim = noise_dim
        widths = [noise_dim] + [base_channels * 2**i for i in (3, 2, 1, 0)]
        blocks = []
        for i, (a, b) in enumerate(zip(widths[:-1], widths[1:])):
            stride, padding = (1, 0) if i == 0 else (2, 1)
            blocks.append(self.block(a, b, stride, padding))
        self.blocks = nn.Sequential(*blocks)
        self.to_rgb = nn.ConvTranspose2d(base_channels, image_channels, 4, 2, 1, bias=False)

    @staticmethod
    def block(a, b, stride, padding):
        return nn.Sequential(nn.ConvTranspose2d(a, b, 4, stride, padding, bias=False), nn.BatchNorm2d(b, momentum=0.8), nn.ReLU(True))

    def forward(self, z):
        return torch.tanh(self.to_rgb(self.blocks(z.view(z.size(0), self.noise_dim, 1, 1))))
