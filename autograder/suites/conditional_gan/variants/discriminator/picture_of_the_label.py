# right: a learned picture for each class, as a second channel
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.label_image = nn.Embedding(classes, 784)
        norm = nn.utils.spectral_norm
        self.c1, self.c2 = norm(nn.Conv2d(2, 16, 4, 2, 1)), norm(nn.Conv2d(16, 32, 4, 2, 1))
        self.out = norm(nn.Linear(32 * 7 * 7, 1))

    def forward(self, x, y):
        x = torch.cat([x, self.label_image(y).view(-1, 1, 28, 28)], dim=1)
        x = F.leaky_relu(self.c1(x), 0.2)
        x = F.leaky_relu(self.c2(x), 0.2)
        return self.out(x.flatten(1)).view(-1)
