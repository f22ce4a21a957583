# right: a subclass of nn.Sequential
class Generator(nn.Sequential):
    def __init__(self, noise_dim: int = 100, hidden_dim: int = 128) -> None:
        layers = [nn.Linear(noise_dim, hidden_dim), nn.LeakyReLU(0.01, inplace=True)]
        layers += [nn.Linear(hidden_dim, 28 * 28), nn.Tanh()]
        super().__init__(*layers)

    def forward(self, noise):
        return super().forward(noise).unflatten(-1, (1, 28, 28))
