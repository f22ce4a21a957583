# right: label planes half-way in, weights from N(0, 0.02)
def start_small(layer):
    if isinstance(layer, (nn.Linear, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0, 0.02)
        nn.init.zeros_(layer.bias)


class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super(ConditionalGenerator, self).__init__()
        self.nc = classes
        self.fc = nn.Linear(noise_dim, 7 * 7 * 64)
        self.bn = nn.BatchNorm1d(7 * 7 * 64)
        self.d1 = nn.ConvTranspose2d(64 + classes, 32, 4, 2, 1)
        self.b1 = nn.BatchNorm2d(32)
        self.d2 = nn.ConvTranspose2d(32, 1, 4, 2, 1)
        self.apply(start_small)

    def forward(self, z, y):
        h = F.relu(self.bn(self.fc(z))).view(z.size(0), 64, 7, 7)
        planes = torch.zeros(z.size(0), self.nc, 7, 7, device=z.device)
        planes[torch.arange(z.size(0)), y] = 1
        h = F.relu(self.b1(self.d1(torch.cat((h, planes), 1))))
        return torch.tanh(self.d2(h))
