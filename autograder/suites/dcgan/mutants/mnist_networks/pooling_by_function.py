# wrong: a pooling function; hint: Strides do it
# visible check: passes
class Up(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.norm = nn.BatchNorm2d(a)
        self.main = nn.ConvTranspose2d(a, b, 4, 2, 1)
        self.skip = nn.ConvTranspose2d(a, b, 2, 2, bias=False)

    def forward(self, x):
        h = torch.relu(self.norm(x))
        return self.main(h) + self.skip(x)


class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.seed = nn.Parameter(torch.randn(noise_dim, 32, 7, 7) * 0.1)
        self.ups = nn.Sequential(Up(32, 16), Up(16, 8), nn.BatchNorm2d(8), nn.ReLU())
        self.paint = nn.Conv2d(8, 1, 1)

    def forward(self, noise):
        x = torch.einsum("nd,dchw->nchw", noise, self.seed)
        return torch.tanh(self.paint(self.ups(x)))


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 4, 2, 1)
        self.act = nn.LeakyReLU(0.2)
        self.inner = nn.Conv2d(16, 16, 3, padding=1)
        self.norm = nn.BatchNorm2d(16)
        self.down = nn.Conv2d(16, 32, 4, 2, 1)
        self.norm2 = nn.BatchNorm2d(32)
        self.scale = nn.Parameter(torch.ones(()))
        self.head = nn.Linear(32, 1)

    def forward(self, x):
        x = self.act(self.stem(x))
        x = self.act(x + self.norm(self.inner(x)))
        x = F.avg_pool2d(self.act(self.norm2(self.down(x))), 2)
        return self.scale * self.head(x.sum(dim=(2, 3))).view(x.size(0))
