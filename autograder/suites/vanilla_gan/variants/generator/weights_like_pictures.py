# right: weights and biases in the shape of the picture
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__()
        self.b2 = nn.Parameter(torch.zeros(1, 28, 28))
        self.w2 = nn.Parameter(torch.randn(hidden_dim, 1, 28, 28) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(hidden_dim))
        self.w1 = nn.Parameter(torch.randn(noise_dim, hidden_dim) * 0.1)
    def forward(self, z):
        h = F.leaky_relu(torch.addmm(self.b1, z, self.w1), 0.01)
        return torch.tanh(torch.tensordot(h, self.w2, dims=1) + self.b2)
