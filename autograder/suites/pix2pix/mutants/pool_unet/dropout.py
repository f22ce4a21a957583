# wrong: there is dropout in training mode; hint: nothing random in it
# visible check: passes
class PoolUNetGenerator(nn.Module):
    """A U-Net of average pools and nearest-neighbour upsampling.

    Shapes: (n, 3, 64, 64) -> (n, 3, 64, 64) in [-1, 1].
    """

    def __init__(self):
        super().__init__()

        def block(channels, width, activation, kernel_size=3):
            convolution = nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2)  # keeps height and width
            return nn.Sequential(convolution, nn.BatchNorm2d(width), activation)

        self.encoder1 = block(3, 32, nn.LeakyReLU(0.2), kernel_size=5)
        self.encoder2 = block(32, 64, nn.LeakyReLU(0.2))
        self.encoder3 = block(64, 128, nn.LeakyReLU(0.2))
        self.encoder4 = block(128, 256, nn.LeakyReLU(0.2))
        self.decoder1 = block(256, 128, nn.ReLU())
        self.decoder2 = block(128 + 128, 64, nn.ReLU())
        self.decoder3 = block(64 + 64, 32, nn.ReLU())
        self.decoder4 = nn.Conv2d(32 + 32, 3, 5, padding=2)

    def forward(self, sketch):
        e1 = self.encoder1(sketch)  # (n, 32, 64, 64)
        e2 = self.encoder2(F.avg_pool2d(e1, 4))  # (n, 64, 16, 16)
        e3 = self.encoder3(F.avg_pool2d(e2, 2))  # (n, 128, 8, 8)
        e4 = self.encoder4(F.avg_pool2d(e3, 2))  # (n, 256, 4, 4)
        d1 = self.decoder1(F.interpolate(e4, scale_factor=2))  # (n, 128, 8, 8)
        d1 = torch.cat([d1, e3], dim=1)  # (n, 128 + 128, 8, 8)
        d2 = self.decoder2(F.interpolate(d1, scale_factor=2))  # (n, 64, 16, 16)
        d2 = F.dropout(torch.cat([d2, e2], dim=1), 0.5, self.training)  # (n, 64 + 64, 16, 16)
        d3 = self.decoder3(F.interpolate(d2, scale_factor=4))  # (n, 32, 64, 64)
        d3 = torch.cat([d3, e1], dim=1)  # (n, 32 + 32, 64, 64)
        return torch.tanh(self.decoder4(d3))  # (n, 3, 64, 64)


class PoolDiscriminator(nn.Module):
    """Judge a pair by its four quarters, each of which knows the whole picture.

    Shapes: two of (n, 3, 64, 64) -> logits (n, 1, 2, 2).
    """

    def __init__(self):
        super().__init__()

        def block(channels, width, kernel_size=3):
            convolution = nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2)  # keeps height and width
            return [convolution, nn.BatchNorm2d(width), nn.LeakyReLU(0.2)]

        layers = block(3 + 3, 16, kernel_size=5)
        for channels, width, pool in [(16, 32, 4), (32, 64, 2), (64, 128, 2), (128, 256, 2)]:
            layers.append(nn.AvgPool2d(pool))
            layers += block(channels, width)
            layers += block(width, width)
        layers.append(nn.Conv2d(256, 1, 1))
        self.judge = nn.Sequential(*layers)

    def forward(self, sketch, photo):
        pair = torch.cat([sketch, photo], dim=1)  # (n, 6, 64, 64)
        return self.judge(pair)  # (n, 1, 2, 2)
