# right: transposed convolutions cut to size, norm by hand, Tanh outside
class Norm(nn.Module):
    def forward(self, x):
        n, c, h, w = x.size()
        flat = x.reshape(n * c, h * w)
        flat = (flat - flat.mean(1, keepdim=True)) / (flat.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()
        return flat.view(n, c, h, w).clamp(min=0)
class Crop(nn.Module):
    """A transposed convolution without padding, cut to what padding 1 and output padding 1 give."""
    def __init__(self, up):
        super().__init__()
        self.up = up
    def forward(self, x):
        x = self.up(x)  # 2n + 1
        return x[:, :, 1:, 1:]
class ResNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        super().__init__()
        def up(i, o):
            return Crop(nn.ConvTranspose2d(i, o, 3, 2))
        c = base_channels
        self.net = nn.Sequential(
            nn.ReflectionPad2d((3, 3, 3, 3)), nn.Conv2d(image_channels, c, 7), Norm(),
            nn.ZeroPad2d(1), nn.Conv2d(c, 2 * c, 3, 2), Norm(),
            nn.ZeroPad2d(1), nn.Conv2d(2 * c, 4 * c, 3, 2), Norm(),
            nn.Sequential(*(ResidualBlock(4 * c) for _ in range(blocks))),
            up(4 * c, 2 * c), Norm(), up(2 * c, c), Norm(),
            nn.ReflectionPad2d(3), nn.Conv2d(c, image_channels, 7))
    def forward(self, images):
        return self.net(images).tanh()
