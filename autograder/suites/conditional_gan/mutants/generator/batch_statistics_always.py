# wrong: batch norm without running averages; hint: its own noise and its own label only
# visible check: passes
class ConditionalGenerator(nn.Module):

    def __init__(self, noise_dim=100, classes=10):
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(noise_dim + classes, 64, 7, bias=False),
            nn.BatchNorm2d(64, track_running_stats=False),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise, labels):
        x = torch.cat([noise, one_hot(labels, self.classes)], dim=1)
        x = x[:, :, None, None]
        return self.layers(x)
