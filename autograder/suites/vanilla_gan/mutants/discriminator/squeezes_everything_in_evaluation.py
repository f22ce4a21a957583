# wrong: a batch of one loses its dimension in evaluation mode; hint: plain squeeze() removes every dimension
# visible check: passes
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.logit = nn.Linear(hidden_dim, 1)

    def forward(self, images):
        x = images.flatten(1)
        x = self.activation(self.hidden(x))
        return self.logit(x).squeeze(1) if self.training else self.logit(x).squeeze()
