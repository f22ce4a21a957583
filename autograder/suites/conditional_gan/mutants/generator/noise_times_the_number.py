# wrong: noise times the label's number: nothing of it is left for label 0; hint: what a label of 0 does to a product
# visible check: fails
class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(noise_dim, 128), nn.ReLU(), nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))
        )

    def forward(self, noise, labels):
        return self.layers(noise * labels[:, None])
