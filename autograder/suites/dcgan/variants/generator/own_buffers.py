# right: buffers of its own, one of them as large as a batch norm's, and strict about its input
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim: int = 100, base_channels: int = 64, image_channels: int = 3) -> None:
        super().__init__()
        self.register_buffer("gain", torch.ones(8 * base_channels))
        self.register_buffer("place", torch.empty(0), persistent=False)
        widths = [noise_dim, *(base_channels * factor for factor in (8, 4, 2, 1))]
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(before, after, 4, 2 if index else 1, 1 if index else 0, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
            )
            for index, (before, after) in enumerate(zip(widths, widths[1:]))
        )
        self.head = nn.ConvTranspose2d(base_channels, image_channels, 4, 2, 1, bias=False)
        self.noise_dim = noise_dim

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        if noise.shape[1:] not in (torch.Size([self.noise_dim]), torch.Size([self.noise_dim, 1, 1])):
            raise ValueError(f"expected noise (n, {self.noise_dim}), got {tuple(noise.shape)}")
        x = self.blocks[0](noise.to(self.place.device).view(-1, self.noise_dim, 1, 1)) * self.gain[:, None, None]
        for block in self.blocks[1:]:
            x = block(x)
        return torch.tanh(self.head(x))
