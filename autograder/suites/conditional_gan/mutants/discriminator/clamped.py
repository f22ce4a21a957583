# wrong: logits are clamped; hint: Is the logit clamped
# visible check: passes
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.LeakyReLU(0.2), nn.Linear(64, classes))

    def forward(self, images, labels):
        return self.layers(images).gather(1, labels[:, None]).squeeze(1).clamp(-10, 10)
