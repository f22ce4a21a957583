# right: the first layer as a matrix, which is the same on one pixel; own initial weights
class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        c = base_channels
        self.project = nn.Linear(noise_dim, 8 * c * 4 * 4, bias=False)
        self.start = nn.Sequential(nn.Unflatten(1, (8 * c, 4, 4)), nn.BatchNorm2d(8 * c), nn.ReLU())
        self.up = nn.Sequential()
        for a, b in ((8 * c, 4 * c), (4 * c, 2 * c), (2 * c, c)):
            self.up.extend([nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU()])
        self.up.append(nn.ConvTranspose2d(c, image_channels, 4, stride=2, padding=1, bias=False))
        self.apply(self.start_weights)

    @staticmethod
    def start_weights(m):
        if isinstance(m, (nn.Linear, nn.ConvTranspose2d)):
            nn.init.normal_(m.weight, 0, 0.02)

    def forward(self, noise):
        return self.up(self.start(self.project(noise.flatten(start_dim=1)))).tanh()
