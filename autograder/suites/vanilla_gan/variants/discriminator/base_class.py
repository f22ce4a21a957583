# right: an own base class whose forward is extended
class _Net(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
    def forward(self, x):
        *rest, last = self.layers
        for layer in rest:
            x = F.leaky_relu(layer(x), negative_slope=1e-2)
        return last(x)
class Discriminator(_Net):
    def __init__(self, hidden_dim: int = 128):
        super().__init__(28 * 28, hidden_dim, 1)
    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return super().forward(images.view(images.shape[0], 28 * 28)).view(images.shape[0])
