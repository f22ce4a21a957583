"""A right submission of what the spikes of pix2pix ask for; its U-Net is nested, block in block."""

import torch
from torch import nn
from torch.nn import functional as F

POINTWISE = (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.BatchNorm2d, nn.Identity)


def receptive_field_of(module):
    size, jump = 1, 1
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.AvgPool2d, nn.MaxPool2d)):
            kernel, stride, dilation = (
                value[0] if isinstance(value, tuple) else value
                for value in (layer.kernel_size, layer.stride, getattr(layer, "dilation", 1))
            )
            size += dilation * (kernel - 1) * jump
            jump *= stride
        elif not isinstance(layer, (nn.Sequential, *POINTWISE)):
            raise ValueError(f"{type(layer).__name__}: no layer of which a receptive field is known")
    return size


class Block(nn.Module):
    def __init__(self, outer, inner, inside=None):
        super().__init__()
        self.up = nn.ConvTranspose2d(inner * (1 if inside is None else 2), outer, 4, 2, 1)
        self.up_norm = nn.BatchNorm2d(outer)
        self.inside = inside
        self.down = nn.Conv2d(outer, inner, 4, 2, 1)
        self.down_norm = nn.Identity() if inside is None else nn.BatchNorm2d(inner)

    def forward(self, x):
        deep = self.down_norm(self.down(F.leaky_relu(x, 0.2)))
        if self.inside is not None:
            deep = self.inside(deep)
        return torch.cat([x, self.up_norm(self.up(F.relu(deep)))], dim=1)


class UNetGenerator(nn.Module):
    def __init__(self, image_channels=3, base_channels=64):
        super().__init__()
        c = base_channels
        block = None
        for outer, inner in ((8, 8), (8, 8), (8, 8), (8, 8), (4, 8), (2, 4), (1, 2)):
            block = Block(outer * c, inner * c, block)
        self.last = nn.ConvTranspose2d(2 * c, image_channels, 4, 2, 1)
        self.blocks = block
        self.first = nn.Conv2d(image_channels, c, 4, 2, 1)

    def forward(self, sketch):
        return torch.tanh(self.last(F.relu(self.blocks(self.first(sketch)))))
