"""The networks of the DCGAN's table, written so that what mistakes compute can be had from the same parameters.

`forward` calls layers, in the order in which a student's are matched with them; `variation` computes with
torch.nn.functional on the same parameters, as it should or with a mistake.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KERNEL = 4
SLOPE = 0.2  # of the discriminator's leaky rectifier
MOMENTUM, EPSILON = 0.1, 1e-5  # of batch norm
Activation = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Form:
    """How a network is laid out where that makes no difference to what it can do.

    inner_bias, outer_bias: biases before batch norm (and on the discriminator's first layer); on the last layer.
    dense: the layer between one pixel and 4 × 4 is linear.
    counting: batch norm counts its batches, as PyTorch's does; one written by hand has no need to.
    """

    inner_bias: bool = False
    outer_bias: bool = False
    dense: bool = False
    counting: bool = True


FORMS = (
    *(Form(inner, outer, dense) for dense in (False, True) for inner in (False, True) for outer in (inner, not inner)),
    Form(counting=False),
)
Layer = nn.Conv2d | nn.ConvTranspose2d | nn.Linear


class Network(nn.Module, ABC):
    """Five convolutions, batch norm behind some of them."""

    convolutions: nn.ModuleList
    norms: nn.ModuleDict  # by the number of the convolution before it
    slopes: tuple[float, ...]  # of the rectifiers, below zero
    output: Activation

    @abstractmethod
    def convolve(self, index: int, x: Tensor) -> Tensor:
        """The convolution of that number, by its layer's parameters."""

    def layer(self, index: int) -> Layer:
        """The convolution of that number."""
        return cast(Layer, self.convolutions[index])

    def norm(self, index: int) -> nn.BatchNorm2d | None:
        """The batch norm behind it."""
        return cast(nn.BatchNorm2d, self.norms[str(index)]) if str(index) in self.norms else None

    def normalise(self, index: int, x: Tensor, epsilon: float, training: bool) -> Tensor:
        """Batch norm behind the convolution of that number, if there is one; running statistics stay as they are."""
        norm = self.norm(index)
        if norm is None:
            return x
        mean, variance = (None, None) if training else (norm.running_mean, norm.running_var)
        return F.batch_norm(x, mean, variance, norm.weight, norm.bias, training, eps=epsilon)

    def variation(
        self,
        x: Tensor,
        *,
        slopes: Sequence[float] | None = None,
        output: Activation | None = None,
        norm_last: bool = False,
        epsilon: float = EPSILON,
        training: bool | None = None,
    ) -> Tensor:
        """The same parameters with other slopes, another output, batch norm behind the rectifier or in another mode."""
        training = self.training if training is None else training
        for index, slope in enumerate(slopes or self.slopes):
            x = self.convolve(index, x)
            if not norm_last:
                x = self.normalise(index, x, epsilon, training)
            x = torch.where(x > 0, x, slope * x)
            if norm_last:
                x = self.normalise(index, x, epsilon, training)
        return (output or self.output)(self.convolve(len(self.convolutions) - 1, x))

    def statistics(self, x: Tensor) -> dict[int, tuple[Tensor, Tensor]]:
        """Mean and unbiased variance of what each batch norm gets for this batch in training mode, by its number."""
        found = {}
        for index, slope in enumerate(self.slopes):
            x = self.convolve(index, x)
            if self.norm(index) is not None:
                values = x.transpose(0, 1).flatten(1)  # (channels, n * height * width)
                found[index] = values.mean(1), values.var(1)
            x = self.normalise(index, x, EPSILON, training=True)
            x = torch.where(x > 0, x, slope * x)
        return found


class Generator(Network):
    """noise (n, noise_dim) or (n, noise_dim, 1, 1) -> images (n, image_channels, 64, 64)."""

    def __init__(
        self, noise_dim: int = 100, base_channels: int = 64, image_channels: int = 3, form: Form = FORMS[0]
    ) -> None:
        super().__init__()
        widths = [noise_dim, *(factor * base_channels for factor in (8, 4, 2, 1)), image_channels]
        biases = [form.inner_bias] * 4 + [form.outer_bias]
        self.convolutions = nn.ModuleList(
            nn.ConvTranspose2d(before, after, KERNEL, 2 if index else 1, 1 if index else 0, bias=bias)
            for index, (before, after, bias) in enumerate(zip(widths, widths[1:], biases, strict=False))
        )
        if form.dense:
            self.convolutions[0] = nn.Linear(noise_dim, widths[1] * KERNEL**2, bias=form.inner_bias)
        self.norms = nn.ModuleDict({str(index): _norm(width, form) for index, width in enumerate(widths[1:-1])})
        self.slopes, self.output = (0.0,) * 4, torch.tanh

    def forward(self, noise: Tensor) -> Tensor:
        """The function of the course."""
        x = self._arrange(noise)
        for index, convolution in enumerate(self.convolutions):
            x = self._unfold(index, convolution(x))
            if str(index) in self.norms:
                x = self.norms[str(index)](x).relu()
        return x.tanh()

    def convolve(self, index: int, x: Tensor) -> Tensor:
        layer = self.layer(index)
        if index == 0:
            x = self._arrange(x)
        if isinstance(layer, nn.Linear):
            return self._unfold(index, F.linear(x, layer.weight, layer.bias))
        return F.conv_transpose2d(x, layer.weight, layer.bias, 2 if index else 1, 1 if index else 0)

    def _arrange(self, noise: Tensor) -> Tensor:
        noise = noise.flatten(1)
        return noise if isinstance(self.convolutions[0], nn.Linear) else noise[:, :, None, None]

    def _unfold(self, index: int, x: Tensor) -> Tensor:
        return x.unflatten(1, (-1, KERNEL, KERNEL)) if isinstance(self.convolutions[index], nn.Linear) else x


class Discriminator(Network):
    """images (n, image_channels, 64, 64) -> logits (n,)."""

    def __init__(self, base_channels: int = 64, image_channels: int = 3, form: Form = FORMS[0]) -> None:
        super().__init__()
        widths = [image_channels, *(factor * base_channels for factor in (1, 2, 4, 8)), 1]
        biases = [form.inner_bias] * 4 + [form.outer_bias]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, KERNEL, 2 if index < 4 else 1, 1 if index < 4 else 0, bias=bias)
            for index, (before, after, bias) in enumerate(zip(widths, widths[1:], biases, strict=False))
        )
        if form.dense:
            self.convolutions[4] = nn.Linear(widths[4] * KERNEL**2, 1, bias=form.outer_bias)
        self.norms = nn.ModuleDict({str(index): _norm(widths[index + 1], form) for index in (1, 2, 3)})
        self.slopes, self.output = (SLOPE,) * 4, lambda x: x

    def forward(self, images: Tensor) -> Tensor:
        """The function of the course."""
        x = images
        for index, convolution in enumerate(self.convolutions):
            x = convolution(x.flatten(1) if isinstance(convolution, nn.Linear) else x)
            if str(index) in self.norms:
                x = self.norms[str(index)](x)
            if index < 4:
                x = F.leaky_relu(x, SLOPE)
        return x.flatten()

    def convolve(self, index: int, x: Tensor) -> Tensor:
        layer = self.layer(index)
        if isinstance(layer, nn.Linear):
            return F.linear(x.flatten(1), layer.weight, layer.bias).flatten()
        if index == 4:
            return F.conv2d(x, layer.weight, layer.bias).flatten()
        return F.conv2d(x, layer.weight, layer.bias, 2, 1)


def _norm(channels: int, form: Form) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(channels)
    if not form.counting:
        norm.num_batches_tracked = None
    return norm


def redraw(network: Network, rng: torch.Generator) -> Network:
    """Parameters and running statistics drawn anew, so that signals keep their size and both bends are met."""
    with torch.no_grad():
        for index in range(len(network.convolutions)):
            layer, norm = network.layer(index), network.norm(index)
            nn.init.normal_(layer.weight, 0, (2 / _inputs(layer)) ** 0.5, generator=rng)
            if layer.bias is not None:
                nn.init.normal_(layer.bias, 0, 0.3, generator=rng)
            if norm is not None:
                nn.init.normal_(norm.weight, 1, 0.3, generator=rng)
                nn.init.normal_(norm.bias, 0, 0.3, generator=rng)
                nn.init.normal_(cast(Tensor, norm.running_mean), 0, 0.3, generator=rng)
                nn.init.uniform_(cast(Tensor, norm.running_var), 0.5, 2, generator=rng)
    return network


def _inputs(layer: Layer) -> int:
    """How many numbers each result of a layer is made of."""
    if isinstance(layer, nn.ConvTranspose2d):
        return layer.in_channels * ((KERNEL // layer.stride[0]) ** 2 if layer.stride[0] > 1 else 1)
    return layer.weight[0].numel()
