# right: parameters by hand, functional layers
class ToyUNet(nn.Module):
    def __init__(self):
        super().__init__()
        shapes = ((64, 3), (128, 64), (256, 128), (256, 128), (256, 64), (128, 3))
        self.weights = nn.ParameterList([nn.Parameter(0.02 * torch.randn(*shape, 4, 4)) for shape in shapes])
        self.biases = nn.ParameterList([nn.Parameter(torch.zeros(n)) for n in (64, 128, 256, 128, 64, 3)])

    def forward(self, x):
        w, b = self.weights, self.biases
        e1 = F.conv2d(x, w[0], b[0], 2, 1)
        e2 = F.conv2d(F.relu(e1), w[1], b[1], 2, 1)
        e3 = F.conv2d(F.relu(e2), w[2], b[2], 2, 1)
        d1 = torch.cat([F.conv_transpose2d(F.relu(e3), w[3], b[3], 2, 1), e2], 1)
        d2 = torch.cat([F.conv_transpose2d(F.relu(d1), w[4], b[4], 2, 1), e1], 1)
        return torch.tanh(F.conv_transpose2d(F.relu(d2), w[5], b[5], 2, 1))
