# right: layers in reverse order in a ModuleDict, the first one lazy; activation as a maximum; tanh from sigmoid
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super(Generator, self).__init__()
        self.layers = nn.ModuleDict({"last": nn.Linear(hidden_dim, 784), "first": nn.LazyLinear(hidden_dim)})

    def forward(self, z):
        n, _ = z.shape
        h = self.layers["first"](z)
        h = torch.maximum(h, 0.01 * h)
        x = 2 * torch.sigmoid(2 * self.layers["last"](h)) - 1
        return x.view(n, 1, 28, 28)
