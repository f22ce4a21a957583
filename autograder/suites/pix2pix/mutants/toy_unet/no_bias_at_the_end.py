# wrong: no bias at the end; hint: Does the last layer have a bias
# visible check: fails
class ToyUNet(nn.Module):
    """C64-C128-C256 down, C128-C64-C3 up, skip connections in between, Tanh last.

    Shapes: (n, 3, h, w) -> (n, 3, h, w) in [-1, 1]; h and w are multiples of 8.
    """

    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(3, 64, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(64, 128, 4, stride=2, padding=1)
        self.down3 = nn.Conv2d(128, 256, 4, stride=2, padding=1)
        self.up1 = nn.ConvTranspose2d(256, 128, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(128 + 128, 64, 4, stride=2, padding=1)
        self.up3 = nn.ConvTranspose2d(64 + 64, 3, 4, stride=2, padding=1, bias=False)

    def forward(self, sketch):
        e1 = self.down1(sketch)  # (n, 3, h, w) -> (n, 64, h/2, w/2)
        e2 = self.down2(F.relu(e1))  # (n, 128, h/4, w/4)
        e3 = self.down3(F.relu(e2))  # (n, 256, h/8, w/8)
        d1 = self.up1(F.relu(e3))  # (n, 128, h/4, w/4)
        d1 = torch.cat([d1, e2], dim=1)  # (n, 128 + 128, h/4, w/4)
        d2 = self.up2(F.relu(d1))  # (n, 64, h/2, w/2)
        d2 = torch.cat([d2, e1], dim=1)  # (n, 64 + 64, h/2, w/2)
        d3 = self.up3(F.relu(d2))  # (n, 3, h, w)
        return torch.tanh(d3)
