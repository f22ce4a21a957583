# right: output_size instead of output_padding, functional norms, blocks by setattr
class ResNetGenerator(nn.Module):
    def __init__(self, image_channels: int = 3, base_channels: int = 64, blocks: int = 9) -> None:
        super().__init__()
        c = base_channels
        self.pad = nn.ReflectionPad2d(3)
        self.norm = nn.InstanceNorm2d(c)  # one for all: it has nothing to learn
        self.inn = nn.Conv2d(image_channels, c, 7)
        self.d1, self.d2 = nn.Conv2d(c, 2 * c, 3, 2, 1), nn.Conv2d(2 * c, 4 * c, 3, 2, 1)
        for i in range(blocks):
            setattr(self, f"block_{i}", ResidualBlock(channels=4 * c))
        self.n = blocks
        self.u1 = nn.ConvTranspose2d(4 * c, 2 * c, 3, 2, 1)
        self.u2 = nn.ConvTranspose2d(2 * c, c, 3, 2, 1)
        self.out = nn.Conv2d(c, image_channels, 7)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        assert images.ndim == 4, images.shape
        h, w = images.shape[-2:]
        assert h % 4 == 0 and w % 4 == 0
        x = F.relu(F.instance_norm(self.inn(self.pad(images))), inplace=True)
        x = F.relu(F.instance_norm(self.d1(x)), inplace=True)
        x = F.relu(F.instance_norm(self.d2(x)), inplace=True)
        for i in range(self.n):
            x = getattr(self, f"block_{i}")(x)
        x = F.relu(F.instance_norm(self.u1(x, output_size=(h // 2, w // 2))))
        x = F.relu(F.instance_norm(self.u2(x, output_size=(h, w))))
        return torch.tanh(self.out(self.pad(x)))
