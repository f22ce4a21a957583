# right: ten pictures, of which the label chooses one
class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(noise_dim, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, classes * 784), nn.Tanh(),
            nn.Unflatten(1, (classes, 28, 28)),
        )

    def forward(self, noise, labels):
        pictures = self.main(noise)
        return pictures[torch.arange(len(labels)), labels].unsqueeze(1)
