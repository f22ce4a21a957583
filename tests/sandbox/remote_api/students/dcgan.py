"""A right submission of what the spikes of dcgan ask for."""

from torch import nn


def count_parameters(module, trainable_only=True):
    return sum(p.numel() for p in module.parameters() if p.requires_grad or not trainable_only)


def initialize_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


class DCGANGenerator(nn.Module):
    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        super().__init__()
        layers = []
        channels = noise_dim
        for index, factor in enumerate((8, 4, 2, 1)):
            wide = base_channels * factor
            stride, padding = (2, 1) if index else (1, 0)
            layers += [
                nn.ConvTranspose2d(channels, wide, 4, stride, padding, bias=False),
                nn.BatchNorm2d(wide),
                nn.ReLU(),
            ]
            channels = wide
        self.net = nn.Sequential(*layers, nn.ConvTranspose2d(channels, image_channels, 4, 2, 1, bias=False), nn.Tanh())
        self.apply(initialize_weights)

    def forward(self, noise):
        return self.net(noise.view(noise.shape[0], -1, 1, 1))
