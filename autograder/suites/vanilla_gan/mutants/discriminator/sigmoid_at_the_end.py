# wrong: gives a probability; hint: a logit or a probability
# visible check: fails
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.logit = nn.Linear(hidden_dim, 1)

    def forward(self, images):
        x = images.flatten(1)
        x = self.activation(self.hidden(x))
        return torch.sigmoid(self.logit(x)).squeeze(1)
