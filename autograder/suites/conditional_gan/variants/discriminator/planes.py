# right: label planes as further channels
class ConditionalDiscriminator(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Conv2d(1 + classes, 32, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.2), nn.Dropout(0.2),
            nn.Conv2d(64, 1, 7), nn.Flatten(0),
        )

    def forward(self, images, labels):
        planes = F.one_hot(labels, self.classes)[:, :, None, None].expand(-1, -1, 28, 28)
        return self.layers(torch.cat([images, planes], 1))
