# right: bare parameters and F.linear
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.weights = nn.ParameterList(
            [nn.Parameter(torch.randn(hidden_dim, 784) * 0.03), nn.Parameter(torch.randn(1, hidden_dim) * 0.1)]
        )
        self.biases = nn.ParameterList([nn.Parameter(torch.zeros(hidden_dim)), nn.Parameter(torch.zeros(1))])

    def forward(self, images):
        x = images.reshape(images.shape[0], -1)
        x = F.linear(x, self.weights[0], self.biases[0])
        x = x.clamp(min=0) + 0.01 * x.clamp(max=0)
        x = F.linear(x, self.weights[1], self.biases[1])
        return x.view(-1)
