# right: a lazy convolution, F.instance_norm
class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.pad = nn.ReflectionPad2d(1)  # one for both
        self.convolutions = nn.ModuleList([nn.LazyConv2d(channels, 3), nn.LazyConv2d(channels, 3)])

    def forward(self, x):
        change = x
        for index, convolution in enumerate(self.convolutions):
            change = F.instance_norm(convolution(self.pad(change)))
            if index == 0:
                change = torch.relu(change)
        return torch.add(x, change)
