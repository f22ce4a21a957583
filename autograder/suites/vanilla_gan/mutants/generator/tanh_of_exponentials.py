# wrong: exponentials overflow; hint: exponentials that overflow
# visible check: passes
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__()
        self.hidden = nn.Linear(noise_dim, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.pixels = nn.Linear(hidden_dim, 28 * 28)

    def forward(self, noise):
        x = self.activation(self.hidden(noise))
        x = (self.pixels(x).exp() - (-self.pixels(x)).exp()) / (2 * self.pixels(x).cosh())
        return x.view(-1, 1, 28, 28)
