# wrong: pictures between 0 and 1; hint: sigmoid at the end where tanh belongs
# visible check: fails
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(noise_dim, hidden_dim),
            nn.LeakyReLU(),
            nn.Linear(hidden_dim, 784),
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),
        )

    def forward(self, noise):
        return self.net(noise)
