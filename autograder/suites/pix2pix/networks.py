"""The networks of the text: U-Nets by recursion, discriminators by a table of their layers.

Each has `variation`: what the same parameters give when the network is wired as some mistakes wire it. `joins` says
which weights read a concatenation of two equal parts, along which dimension: there the order of the parts is free.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Bias = Literal["everywhere", "without norm", "last"]  # which convolutions have one
BIASES: tuple[Bias, ...] = ("everywhere", "without norm", "last")
SLOPE = 0.2  # of LeakyReLU below zero
PAPER = (1, 2, 4, 8, 8, 8, 8, 8)  # widths of the U-Net of 256×256, in base channels


def has_bias(kind: Bias, *, normalised: bool, last: bool = False) -> bool:
    """Whether a convolution has a bias."""
    return {"everywhere": True, "without norm": not normalised, "last": last}[kind]


class UNet(nn.Module):
    """(n, image_channels, h, w) -> the same in [-1, 1]; h and w are multiples of 2 ** len(widths).

    4×4 convolutions of stride 2 down and up again; `normalised`: with batch norm, but not behind the first, the deepest
    and the last one (`norm_at_bottom`: behind the deepest, too).
    """

    def __init__(
        self,
        image_channels: int,
        widths: Sequence[int],
        *,
        normalised: bool,
        slope: float,
        bias: Bias = "everywhere",
        norm_at_bottom: bool = False,
    ) -> None:
        super().__init__()
        self.slope, self.bottom = slope, len(widths) - 1
        self.downs, self.down_norms = nn.ModuleList(), nn.ModuleList()
        self.ups, self.up_norms = nn.ModuleList(), nn.ModuleList()  # by depth, as the downs: the last one first
        for depth, width in enumerate(widths):
            outer = widths[depth - 1] if depth else image_channels
            inner = width if depth == self.bottom else 2 * width
            norm_down = normalised and (0 < depth < self.bottom or (norm_at_bottom and depth == self.bottom))
            norm_up = normalised and depth > 0
            has_down, has_up = has_bias(bias, normalised=norm_down), has_bias(bias, normalised=norm_up, last=depth == 0)
            self.downs.append(nn.Conv2d(outer, width, 4, 2, 1, bias=has_down))
            self.down_norms.append(nn.BatchNorm2d(width) if norm_down else nn.Identity())
            self.ups.append(nn.ConvTranspose2d(inner, outer, 4, 2, 1, bias=has_up))
            self.up_norms.append(nn.BatchNorm2d(outer) if norm_up else nn.Identity())
        self.joins = {f"ups.{depth}.weight": 0 for depth in range(self.bottom)}

    def forward(self, sketch: Tensor) -> Tensor:
        """The function of the text."""
        return self.variation(sketch)

    def variation(
        self,
        sketch: Tensor,
        *,
        slope: float | None = None,
        up_slope: float = 0.0,
        last_slope: float | None = None,
        bottom_slope: float | None = None,
        raw_skips: bool = False,
        bent_sketch: bool = False,
        output: Callable[[Tensor], Tensor] = torch.tanh,
    ) -> Tensor:
        """Other slopes (1: no activation) on the way down, up, before the last layer, at the bottom; other skips."""
        down_slope = self.slope if slope is None else slope

        def dive(x: Tensor, depth: int) -> Tensor:
            """What this layer and all below it make of x, at the size of x."""
            convolved = self.downs[depth](x)
            encoded = self.down_norms[depth](convolved)
            bend = up_slope
            if depth == self.bottom:
                bend = up_slope if bottom_slope is None else bottom_slope
            else:
                below = dive(F.leaky_relu(encoded, down_slope), depth + 1)
                encoded = torch.cat([below, convolved if raw_skips else encoded], dim=1)
            if depth == 0 and last_slope is not None:
                bend = last_slope
            decoded: Tensor = self.up_norms[depth](self.ups[depth](F.leaky_relu(encoded, bend)))
            return decoded

        return output(dive(F.leaky_relu(sketch, down_slope) if bent_sketch else sketch, 0))


def make_toy_unet() -> UNet:
    """The toy U-Net: C64-C128-C256, plain rectifiers, no batch norm; 1,451,651 parameters."""
    return UNet(3, (64, 128, 256), normalised=False, slope=0.0)


def make_unet(
    image_channels: int = 3, base_channels: int = 64, *, bias: Bias = "everywhere", norm_at_bottom: bool = False
) -> UNet:
    """The paper's U-Net; 54,419,459 parameters."""
    widths = [base_channels * multiple for multiple in PAPER]
    return UNet(image_channels, widths, normalised=True, slope=SLOPE, bias=bias, norm_at_bottom=norm_at_bottom)


@dataclass(frozen=True)
class Plan:
    """A PatchGAN: kernel, the strides of all layers, the widths of all but the last in base channels."""

    kernel_size: int
    strides: tuple[int, ...]
    multiples: tuple[int, ...]


PLANS = {
    0: Plan(1, (1, 1, 1), (1, 2)),
    1: Plan(4, (2, 1, 1), (1, 2)),
    2: Plan(4, (2, 2, 1, 1), (1, 2, 4)),
    3: Plan(4, (2, 2, 2, 1, 1), (1, 2, 4, 8)),
    4: Plan(4, (2, 2, 2, 2, 1, 1), (1, 2, 4, 8, 8)),
    5: Plan(4, (2, 2, 2, 2, 2, 1, 1), (1, 2, 4, 8, 8, 8)),
}


class PatchDiscriminator(nn.Module):
    """sketch and photo, (n, image_channels, h, w) each -> logits (n, 1, rows, columns)."""

    def __init__(
        self, image_channels: int = 3, base_channels: int = 64, layers: int = 3, *, bias: Bias = "everywhere"
    ) -> None:
        super().__init__()
        plan = PLANS[layers]
        widths = [2 * image_channels, *(base_channels * multiple for multiple in plan.multiples), 1]
        self.convolutions, self.norms = nn.ModuleList(), nn.ModuleList()
        for index, stride in enumerate(plan.strides):
            normalised, last = 0 < index < len(plan.multiples), index == len(plan.multiples)
            channels, width, kernel_size = widths[index], widths[index + 1], plan.kernel_size
            bent = has_bias(bias, normalised=normalised, last=last)
            self.convolutions.append(nn.Conv2d(channels, width, kernel_size, stride, kernel_size // 4, bias=bent))
            self.norms.append(nn.BatchNorm2d(width) if normalised else nn.Identity())
        self.joins = {"convolutions.0.weight": 1}

    def forward(self, sketch: Tensor, photo: Tensor) -> Tensor:
        """The function of the text."""
        return self.variation(sketch, photo)

    def variation(
        self,
        sketch: Tensor,
        photo: Tensor,
        *,
        slope: float = SLOPE,
        output: Callable[[Tensor], Tensor] | None = None,
        bent_first: bool = False,
    ) -> Tensor:
        """Another slope (1: no activation), something behind the last layer, or activations in front of batch norms."""
        x = torch.cat([sketch, photo], dim=1)
        last = len(self.norms) - 1
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = convolution(x)
            if index == last:
                break
            x = norm(F.leaky_relu(x, slope)) if bent_first else F.leaky_relu(norm(x), slope)
        return x if output is None else output(x)
