# right: matrices transposed, biases as rows
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        mk = lambda *s: nn.Parameter(torch.empty(*s).uniform_(-0.05, 0.05))
        self.p = nn.ParameterList([mk(784, hidden_dim), mk(1, hidden_dim), mk(hidden_dim, 1), mk(1, 1)])
    def forward(self, images):
        w, b, v, c = self.p
        h = F.leaky_relu(images.reshape(len(images), -1).mm(w) + b)
        return (h.mm(v) + c).reshape(-1)
