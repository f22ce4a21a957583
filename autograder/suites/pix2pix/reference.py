"""Right answers to pix2pix's exercises, by other methods than the notebook's solution.

A receptive field is found by following one output backwards, interval by interval; losses are written with softplus and
in float64, their gradients in closed form. The networks stand in `networks`.

Shapes: logits (n, 1, rows, columns), sketches, photos and fakes (n, channels, height, width).
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

Loss = Callable[..., Tensor]

L1_WEIGHT = 100.0  # the default of generator_loss and generator_step


def receptive_field(layers: Sequence[tuple[int, int]]) -> int:
    """Pixels between the first and the last that output 0 sees: the interval [first, last], from layer to layer back.

    Output i of a layer sees its inputs i * stride to i * stride + kernel_size - 1.
    """
    first, last = 0, 0
    for kernel_size, stride in reversed(layers):
        first, last = first * stride, last * stride + kernel_size - 1
    return last - first + 1


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """½ E softplus(−s_real) + ½ E softplus(s_fake), each over all patches of its batch."""
    return (F.softplus(-real_logits.double()).mean() + F.softplus(fake_logits.double()).mean()) / 2


def discriminator_slopes(real_logits: Tensor, fake_logits: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of the discriminator's loss: (σ(s) − target) / 2, divided by the number of patches."""
    real, fake = real_logits.double(), fake_logits.double()
    return -torch.sigmoid(-real) / (2 * real.numel()), torch.sigmoid(fake) / (2 * fake.numel())


def l1_loss(fake: Tensor, photo: Tensor) -> Tensor:
    """Mean absolute difference over all values."""
    return (fake.double() - photo.double()).abs().sum() / fake.numel()


def generator_loss(fake_logits: Tensor, fake: Tensor, photo: Tensor, l1_weight: float = L1_WEIGHT) -> Tensor:
    """E softplus(−s) + l1_weight · mean |fake − photo|."""
    return F.softplus(-fake_logits.double()).mean() + l1_weight * l1_loss(fake, photo)


def generator_slopes(fake_logits: Tensor, fake: Tensor, photo: Tensor, l1_weight: float) -> tuple[Tensor, Tensor]:
    """Its gradients in the logits and in the fake picture (which nowhere equals the photo)."""
    logits = fake_logits.double()
    return -torch.sigmoid(-logits) / logits.numel(), l1_weight * (fake.double() - photo.double()).sign() / fake.numel()
