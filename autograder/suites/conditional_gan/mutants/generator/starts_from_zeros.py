# wrong: the path of the label begins with zeros; hint: Does the label get into the network
# visible check: fails
class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.embedding = nn.Embedding(classes, 16)
        nn.init.zeros_(self.embedding.weight)
        self.hidden = nn.Linear(noise_dim + 16, 128)
        self.out = nn.Linear(128, 28 * 28)

    def forward(self, noise, labels):
        vectors = self.embedding(labels)
        hidden = F.leaky_relu(self.hidden(torch.hstack([vectors, noise])), 0.2)
        return torch.tanh(self.out(hidden)).reshape(-1, 1, 28, 28)
