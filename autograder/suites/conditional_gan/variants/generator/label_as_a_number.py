# right: the label as one more number, spectral norm
class ConditionalGenerator(nn.Module):
    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.classes = classes
        norm = nn.utils.parametrizations.spectral_norm
        self.a = norm(nn.Linear(noise_dim + 1, 128))
        self.b = norm(nn.Linear(128, 784))

    def forward(self, noise, labels):
        number = 2 * labels.float().unsqueeze(1) / self.classes - 1
        h = self.a(torch.cat([noise, number], 1)).relu()
        return self.b(h).tanh().view(-1, 1, 28, 28)
