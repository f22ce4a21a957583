# right: a dataclass holds the sizes, a list of modules the layers
from dataclasses import dataclass


@dataclass(frozen=True)
class DiscriminatorSizes:
    hidden: int
    slope: float = 0.01
    pixels: int = 28 * 28


class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.sizes = DiscriminatorSizes(hidden=hidden_dim)
        self.layers = nn.ModuleList([nn.Linear(self.sizes.pixels, hidden_dim), nn.Linear(hidden_dim, 1)])

    def forward(self, images):
        first, last = self.layers
        hidden = F.leaky_relu(first(images.flatten(start_dim=1)), negative_slope=self.sizes.slope)
        return last(hidden).flatten()
