# right: the head is a vector and a number beside a Sequential
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(1), nn.Linear(28 * 28, hidden_dim), nn.LeakyReLU(0.01, True))
        self.w = nn.Parameter(torch.randn(hidden_dim) / hidden_dim ** 0.5)
        self.b = nn.Parameter(torch.zeros(()))
    def forward(self, images):
        return self.body(images) @ self.w + self.b
