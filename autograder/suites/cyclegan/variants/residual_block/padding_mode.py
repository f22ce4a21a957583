# right: convolutions that reflect by themselves
class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, padding_mode="reflect")
        self.norm1 = nn.InstanceNorm2d(channels, affine=False, track_running_stats=False)
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, padding_mode="reflect")
        self.norm2 = nn.InstanceNorm2d(channels, affine=False, track_running_stats=False)

    def forward(self, x):
        out = F.relu(self.norm1(self.conv1(x)))
        return self.norm2(self.conv2(out)).add(x)
