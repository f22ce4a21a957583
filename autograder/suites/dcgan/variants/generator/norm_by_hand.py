# right: batch norm written by hand, bias first, without a count of batches
class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))
        self.weight = nn.Parameter(torch.ones(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training)


class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        widths = [noise_dim, *(base_channels * factor for factor in (8, 4, 2, 1)), image_channels]
        blocks = []
        for index, (before, after) in enumerate(zip(widths, widths[1:])):
            blocks.append(nn.ConvTranspose2d(before, after, 4, 2 if index else 1, 1 if index else 0, bias=False))
            blocks.extend([Norm(after), nn.ReLU()] if index < 4 else [nn.Tanh()])
        self.blocks = nn.Sequential(*blocks)

    def forward(self, noise):
        return self.blocks(noise.reshape(len(noise), -1, 1, 1))
