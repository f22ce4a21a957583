# right: a subclass of Sequential
class PatchDiscriminator(nn.Sequential):
    def __init__(self, image_channels=3, base_channels=64, layers=3):
        options = dict(kernel_size=4, padding=1) if layers else dict(kernel_size=1)
        previous = base_channels
        stack = [nn.Conv2d(image_channels * 2, base_channels, stride=2 if layers else 1, **options), nn.LeakyReLU(0.2)]
        for i in range(1, max(layers, 1) + 1):
            width = min(base_channels << i, 8 * base_channels)
            stack.append(nn.Conv2d(previous, width, stride=1 + (i < layers), **options))
            stack.append(nn.BatchNorm2d(width))
            stack.append(nn.LeakyReLU(0.2))
            previous = width
        super().__init__(*stack, nn.Conv2d(previous, 1, **options))

    def forward(self, sketch, photo):
        return super().forward(torch.cat([sketch, photo], dim=1))
