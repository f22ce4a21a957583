# wrong: made for batches of five; hint: batch size part of the network
# visible check: fails
class Generator(nn.Module):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__()
        self.b2 = nn.Parameter(torch.zeros(28 * 28))
        self.w2 = nn.Parameter(torch.randn(hidden_dim, 28 * 28) / hidden_dim**0.5)
        self.b1 = nn.Parameter(torch.zeros(hidden_dim))
        self.w1 = nn.Parameter(torch.randn(noise_dim, hidden_dim) / noise_dim**0.5)

    def forward(self, noise):
        h = torch.einsum("nd,dh->nh", noise, self.w1) + self.b1
        h = F.leaky_relu_(h, 0.01)
        images = torch.tanh(h @ self.w2 + self.b2)
        return images.reshape(5, 1, 28, 28)
