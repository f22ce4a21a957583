# wrong: never more than 512 channels; hint: 8 · base_channels
# visible check: passes
class PatchDiscriminator(nn.Module):
    """Judge every patch of a pair (sketch, photo); base_channels is ndf in the paper's code.

    layers: convolutions with stride 2; 0 is the PixelGAN, 1, 3 and 5 see patches of 16, 70 and 286 pixels.
    Shapes: two of (n, image_channels, h, w) -> logits (n, 1, rows, columns), one for each patch.
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.1.2.
    """

    def __init__(self, image_channels=3, base_channels=64, layers=3):
        super().__init__()
        kernel_size, padding = (4, 1) if layers > 0 else (1, 0)
        channels = 2 * image_channels  # sketch and photo, one upon the other
        blocks = []
        for i in range(max(layers, 1) + 1):
            stride = 2 if i < layers else 1
            width = min(base_channels * 2**i, 512)
            blocks.append(nn.Conv2d(channels, width, kernel_size, stride, padding))
            if i > 0:  # the first layer shall see colours as they are
                blocks.append(nn.BatchNorm2d(width))
            blocks.append(nn.LeakyReLU(0.2))
            channels = width
        blocks.append(nn.Conv2d(channels, 1, kernel_size, 1, padding))
        self.judge = nn.Sequential(*blocks)

    def forward(self, sketch, photo):
        pair = torch.cat([sketch, photo], dim=1)  # (n, 2 * image_channels, h, w)
        return self.judge(pair)  # (n, 1, rows, columns)
