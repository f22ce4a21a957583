# wrong: no ReLU behind the third batch norm; hint: behind batch norm 3
# visible check: passes
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        c = base_channels
        self.bn4, self.bn3, self.bn2, self.bn1 = (nn.BatchNorm2d(k * c) for k in (1, 2, 4, 8))
        self.up5 = nn.ConvTranspose2d(c, image_channels, 4, 2, 1, bias=False)
        self.up4 = nn.ConvTranspose2d(2 * c, c, 4, 2, 1, bias=False)
        self.up3 = nn.ConvTranspose2d(4 * c, 2 * c, 4, 2, 1, bias=False)
        self.up2 = nn.ConvTranspose2d(8 * c, 4 * c, 4, 2, 1, bias=False)
        self.up1 = nn.ConvTranspose2d(noise_dim, 8 * c, 4, 1, 0, bias=False)

    def forward(self, noise):
        if noise.dim() == 2:
            noise = noise.unsqueeze(-1).unsqueeze(-1)
        x = F.relu(self.bn1(self.up1(noise)))
        x = F.relu(self.bn2(self.up2(x)))
        x = self.bn3(self.up3(x))
        x = F.relu(self.bn4(self.up4(x)))
        return torch.tanh(self.up5(x))
