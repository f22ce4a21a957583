# right: features and vector meet in front of a hidden layer
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.classes = classes
        self.features = nn.Sequential(nn.Flatten(), nn.Linear(784, 96), nn.LeakyReLU(0.2))
        self.judge = nn.Sequential(nn.Linear(96 + classes, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))

    def forward(self, images, labels):
        seen = torch.cat([self.features(images), one_hot(labels, self.classes)], dim=1)
        return self.judge(seen)[:, 0]
