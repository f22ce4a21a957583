# right: lazy layers, batch norm behind the activation, a learned slope and batch norm of vectors besides
class MnistGenerator(nn.Module):
    def __init__(self, noise_dim=100):
        super().__init__()
        self.start = nn.Sequential(nn.Linear(noise_dim, 98), nn.BatchNorm1d(98), nn.ReLU(), nn.Unflatten(1, (2, 7, 7)))
        self.body = nn.Sequential(
            nn.LazyConvTranspose2d(16, 4, 2, 1), nn.PReLU(16), nn.LazyBatchNorm2d(),
            nn.LazyConvTranspose2d(8, 5, 2, 2, output_padding=1), nn.GELU(), nn.LazyBatchNorm2d(),
        )
        self.end = nn.Sequential(nn.LazyConv2d(1, 3, padding="same"), nn.Tanh())

    def forward(self, noise):
        return self.end(self.body(self.start(noise)))


class MnistDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for i, width in enumerate((8, 16, 32)):
            layers += [nn.LazyConv2d(width, 3, stride=2, padding=1), nn.LeakyReLU(0.2), nn.Dropout2d(0.25)]
            if i:
                layers.append(nn.LazyBatchNorm2d())
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(16), nn.LeakyReLU(), nn.LazyLinear(1))

    def forward(self, images):
        return self.layers(images)[..., -1]
