# right: functional style, layers registered by kind
class ResNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        super().__init__()
        self.up1 = nn.ConvTranspose2d(base_channels * 4, base_channels * 2, 3, stride=2, padding=1, output_padding=1)
        self.up2 = nn.ConvTranspose2d(base_channels * 2, base_channels, 3, stride=2, padding=1, output_padding=1)
        self.out = nn.Conv2d(base_channels, image_channels, kernel_size=7)
        self.inp = nn.Conv2d(image_channels, base_channels, kernel_size=7)
        self.down1 = nn.Conv2d(base_channels, base_channels * 2, 3, stride=2, padding=1)
        self.down2 = nn.Conv2d(base_channels * 2, base_channels * 4, 3, stride=2, padding=1)
        self.res = nn.ModuleList()
        for _ in range(blocks):
            self.res.append(ResidualBlock(base_channels * 4))

    def forward(self, images):
        x = F.pad(images, (3, 3, 3, 3), "reflect")
        for layer in (self.inp, self.down1, self.down2):
            x = F.relu(F.instance_norm(layer(x)))
        for res in self.res:
            x = res(x)
        for layer in (self.up1, self.up2):
            x = F.relu(F.instance_norm(layer(x)))
        x = self.out(F.pad(x, (3, 3, 3, 3), "reflect"))
        return torch.tanh(x)
