# wrong: all weights frozen; hint: has no parameter that can learn
# visible check: passes
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 50), nn.SiLU(), nn.LayerNorm(50), nn.Linear(50, classes)
        )
        self.requires_grad_(False)

    def forward(self, images, labels):
        return self.net(images).gather(1, labels.reshape(-1, 1)).reshape(-1)
