# right: a class made in a function, reshaped by a forward hook
def _make():
    class G(nn.Module):
        def __init__(self, noise_dim=100, hidden_dim=128):
            super().__init__()
            self.a = nn.Linear(noise_dim, hidden_dim)
            self.b = nn.Linear(hidden_dim, 784)
            self.register_forward_hook(lambda module, inputs, output: output.view(-1, 1, 28, 28))
        def forward(self, noise):
            return torch.tanh(F.linear(F.leaky_relu(F.linear(noise, self.a.weight, self.a.bias)), self.b.weight, self.b.bias))
    return G
Generator = _make()
