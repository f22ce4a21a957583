"""The networks of the text: a residual block, and the generator that is made of them. Float64, layer by layer.

`Wiring` says what happens between the convolutions; each of its defaults is that of the text, and each change of one is
a mistake somebody makes. `Layout` says which parameters there are: it changes nothing in what is right.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.sandbox.matching import Leaf

Function = Callable[[Tensor], Tensor]
EPSILON = 1e-5  # of PyTorch's instance norm


def instance_norm(x: Tensor) -> Tensor:
    """Each channel of each picture to mean 0 and variance 1."""
    return _normalise(x, (2, 3))


def batch_norm(x: Tensor) -> Tensor:
    """Each channel of all pictures together (a mistake here)."""
    return _normalise(x, (0, 2, 3))


def _normalise(x: Tensor, dims: tuple[int, ...]) -> Tensor:
    variance, mean = torch.var_mean(x, dims, unbiased=False, keepdim=True)
    return (x - mean) / (variance + EPSILON).sqrt()


def keep(x: Tensor) -> Tensor:
    """Nothing at all."""
    return x


def leak(slope: float) -> Function:
    """LeakyReLU of that slope."""
    return lambda x: F.leaky_relu(x, slope)


@dataclass(frozen=True)
class Wiring:
    """What stands between the convolutions. Stages: the first convolution, two down, two up, counted from 0."""

    norm: Function = instance_norm
    bend: Function = torch.relu
    edges: tuple[str, str] = ("reflect", "reflect")  # how both convolutions of a block pad
    inner_norm: Function | None = None  # between the convolutions of a block, if it is another one
    inside: Function = torch.relu  # behind it
    second_norm: Function | None = None
    before_sum: Function = keep
    after_sum: Function = keep
    skip: float = 1.0
    outer_edges: tuple[str, str] = ("reflect", "reflect")  # how the first and the last convolution pad
    bends: Mapping[int, Function] = field(default_factory=dict)  # stages with another activation
    norms: Mapping[int, Function] = field(default_factory=dict)  # stages with another norm
    blocks: bool = True
    last_norm: Function = keep
    output: Function = torch.tanh


TEXT = Wiring()


@dataclass(frozen=True)
class Layout:
    """Which parameters and buffers stand beside the convolutions' weights."""

    bias: str = "everywhere"  # "last": only where no norm follows; "nowhere"
    affine: bool = False
    statistics: bool = False


LAYOUTS = tuple(  # that of the text first
    Layout(bias, affine, statistics)
    for bias, affine, statistics in product(("everywhere", "last", "nowhere"), (False, True), (False, True))
)


class Layers(nn.Module):
    """Convolutions in order of execution, and what a layout puts beside them; `convolve` runs one of them."""

    def __init__(self, convolutions: list[nn.Module], normalised: int, layout: Layout) -> None:
        """`normalised`: how many of the convolutions, from the first on, have a norm behind them."""
        super().__init__()
        self.convolutions = nn.ModuleList(convolutions)
        self.norms = nn.ModuleList()
        for index, convolution in enumerate(convolutions):
            if layout.bias == "nowhere" or (layout.bias == "last" and index < normalised):
                convolution.register_parameter("bias", None)
            plain = index >= normalised or not (layout.affine or layout.statistics)
            norm = nn.InstanceNorm2d(
                cast(int, convolution.out_channels), affine=layout.affine, track_running_stats=layout.statistics
            )
            self.norms.append(nn.Identity() if plain else norm)
        self.double()

    def convolve(self, index: int, x: Tensor) -> Tensor:
        """What convolution `index` makes of x, which is padded already if padding is not zero."""
        layer = cast(Any, self.convolutions[index])
        options = {"stride": layer.stride, "padding": layer.padding}
        if isinstance(layer, nn.ConvTranspose2d):
            return F.conv_transpose2d(x, layer.weight, layer.bias, output_padding=layer.output_padding, **options)
        return F.conv2d(x, layer.weight, layer.bias, **options)

    def residual(self, index: int, x: Tensor, wiring: Wiring) -> Tensor:
        """The block whose convolutions are `index` and the next."""
        first, second = wiring.edges
        inner = (wiring.inner_norm or wiring.norm)(self.convolve(index, F.pad(x, (1, 1, 1, 1), first)))
        inner = self.convolve(index + 1, F.pad(wiring.inside(inner), (1, 1, 1, 1), second))
        return wiring.after_sum(wiring.skip * x + wiring.before_sum((wiring.second_norm or wiring.norm)(inner)))

    def forward(self, x: Tensor) -> Tensor:
        """The function of the text."""
        return self.variation(x, TEXT)

    def variation(self, x: Tensor, wiring: Wiring) -> Tensor:
        """What the same parameters give if wired like this."""
        raise NotImplementedError  # abstract: block and generator each have a wiring of their own

    def leaves(self) -> list[Leaf]:
        """All that holds tensors, in order of execution."""
        found = []
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            found += [describe(f"convolutions.{index}", convolution), describe(f"norms.{index}", norm)]
        return found

    @torch.no_grad()
    def nearest_kink(self, x: Tensor) -> float:
        """The size of the smallest number that a rectifier gets."""
        seen: list[float] = []

        def watch(inputs: Tensor) -> Tensor:
            seen.append(float(inputs.abs().min()))
            return inputs.relu()

        self.variation(x, Wiring(bend=watch, inside=watch))
        return min(seen)

    @torch.no_grad()
    def redraw(self, rng: torch.Generator) -> None:
        """New parameters, as float32 has them; values keep their size from layer to layer."""
        for layer in self.convolutions:
            weight, bias = layer.get_parameter("weight"), cast(Any, layer).bias
            terms = weight[:, 0].numel() / 4 if isinstance(layer, nn.ConvTranspose2d) else weight[0].numel()
            for tensor, bound in ((weight, math.sqrt(6 / terms)), (bias, 0.3)):
                if tensor is not None:
                    tensor.copy_(bound * (2 * torch.rand(tensor.shape, generator=rng) - 1))


def describe(name: str, layer: nn.Module) -> Leaf:
    """A layer by the names of its own tensors."""
    parameters = [f"{name}.{key}" for key, value in layer.named_parameters(recurse=False) if value is not None]
    return Leaf(name, [], {}, parameters, [f"{name}.{key}" for key, _ in layer.named_buffers(recurse=False)])


class ResidualBlock(Layers):
    """(n, channels, h, w) -> the same."""

    def __init__(self, channels: int, layout: Layout = LAYOUTS[0]) -> None:
        super().__init__([nn.Conv2d(channels, channels, 3), nn.Conv2d(channels, channels, 3)], 2, layout)

    def variation(self, x: Tensor, wiring: Wiring) -> Tensor:
        """What the same parameters give if wired like this."""
        return self.residual(0, x, wiring)


class ResNetGenerator(Layers):
    """(n, image_channels, h, w) -> the same in [-1, 1]; h and w are multiples of 4."""

    def __init__(
        self, image_channels: int = 3, base_channels: int = 64, blocks: int = 9, layout: Layout = LAYOUTS[0]
    ) -> None:
        wide, wider = 2 * base_channels, 4 * base_channels
        super().__init__(
            [
                nn.Conv2d(image_channels, base_channels, 7),
                nn.Conv2d(base_channels, wide, 3, 2, 1),
                nn.Conv2d(wide, wider, 3, 2, 1),
                *(nn.Conv2d(wider, wider, 3) for _ in range(2 * blocks)),
                nn.ConvTranspose2d(wider, wide, 3, 2, 1, output_padding=1),
                nn.ConvTranspose2d(wide, base_channels, 3, 2, 1, output_padding=1),
                nn.Conv2d(base_channels, image_channels, 7),
            ],
            5 + 2 * blocks,
            layout,
        )
        self.blocks = blocks

    def variation(self, x: Tensor, wiring: Wiring) -> Tensor:
        """What the same parameters give if wired like this."""
        count = len(self.convolutions)
        x = self.stage(0, 0, F.pad(x, (3, 3, 3, 3), wiring.outer_edges[0]), wiring)
        x = self.stage(2, 2, self.stage(1, 1, x, wiring), wiring)
        if wiring.blocks:
            x = self.transform(x, wiring)
        x = self.stage(4, count - 2, self.stage(3, count - 3, x, wiring), wiring)
        x = self.convolve(count - 1, F.pad(x, (3, 3, 3, 3), wiring.outer_edges[1]))
        return wiring.output(wiring.last_norm(x))

    def stage(self, number: int, index: int, x: Tensor, wiring: Wiring) -> Tensor:
        """Convolution `index`, norm and activation."""
        x = wiring.norms.get(number, wiring.norm)(self.convolve(index, x))
        return wiring.bends.get(number, wiring.bend)(x)

    def transform(self, x: Tensor, wiring: Wiring) -> Tensor:
        """What all blocks make of x."""
        for block in range(self.blocks):
            x = self.residual(3 + 2 * block, x, wiring)
        return x
