# right: one skip first, the other one last; Sequentials; skips behind their ReLU
class ToyUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.e1 = nn.Sequential(nn.Conv2d(3, 64, 4, 2, 1), nn.ReLU())
        self.e2 = nn.Sequential(nn.Conv2d(64, 128, 4, 2, 1), nn.ReLU())
        self.e3 = nn.Sequential(nn.Conv2d(128, 256, 4, 2, 1), nn.ReLU())
        self.d1 = nn.Sequential(nn.ConvTranspose2d(256, 128, 4, 2, 1), nn.ReLU())
        self.d2 = nn.Sequential(nn.ConvTranspose2d(256, 64, 4, 2, 1), nn.ReLU())
        self.d3 = nn.Sequential(nn.ConvTranspose2d(128, 3, 4, 2, 1), nn.Tanh())

    def forward(self, x):
        a = self.e1(x)
        b = self.e2(a)
        c = self.e3(b)
        x = self.d2(torch.cat([b, self.d1(c)], dim=1))
        return self.d3(torch.cat([x, a], dim=1))
