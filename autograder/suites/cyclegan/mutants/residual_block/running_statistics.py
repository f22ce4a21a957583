# wrong: the norm keeps statistics for evaluation mode; hint: an instance norm, the same in both modes
# visible check: passes
class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in.

    Reflection padding, convolution 3×3, instance normalisation, ReLU; the same again without ReLU; plus the input.
    Shapes: (n, channels, h, w) -> (n, channels, h, w).
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 7.2, after Johnson et al. 2016 (arXiv 1603.08155).
    """

    def __init__(self, channels):
        super().__init__()
        self.change = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels, track_running_stats=True),
            nn.ReLU(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, x):
        return x + self.change(x)  # (n, channels, h, w)
