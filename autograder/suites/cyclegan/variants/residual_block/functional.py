# right: functional padding, norm by hand, registered the other way round
class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.second = nn.Conv2d(channels, channels, 3)
        self.first = nn.Conv2d(channels, channels, 3)

    def forward(self, x):
        def normalise(h):
            centred = h - h.mean(dim=(-2, -1), keepdim=True)
            return centred * torch.rsqrt(centred.square().mean(dim=(-2, -1), keepdim=True) + 1e-5)

        h = normalise(self.first(F.pad(x, (1, 1, 1, 1), mode="reflect"))).clamp(min=0)
        h = normalise(self.second(F.pad(h, (1, 1, 1, 1), mode="reflect")))
        return x + h
