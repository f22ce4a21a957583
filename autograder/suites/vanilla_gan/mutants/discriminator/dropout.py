# wrong: dropout that nobody asked for; hint: and nothing else
# visible check: passes
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.logit = nn.Linear(hidden_dim, 1)

    def forward(self, images):
        x = images.flatten(1)
        x = F.dropout(self.activation(self.hidden(x)), 0.3, self.training)
        return self.logit(x).squeeze(1)
