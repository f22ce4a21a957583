# wrong: no more than ten classes; hint: Do noise_dim and classes set
# visible check: passes
class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.embedding = nn.Embedding(10, 16)
        self.hidden = nn.Linear(noise_dim + 16, 128)
        self.out = nn.Linear(128, 28 * 28)

    def forward(self, noise, labels):
        vectors = self.embedding(labels)
        hidden = F.leaky_relu(self.hidden(torch.hstack([vectors, noise])), 0.2)
        return torch.tanh(self.out(hidden)).reshape(-1, 1, 28, 28)
