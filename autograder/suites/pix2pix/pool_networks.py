"""The average-pool networks, and parameters for them under which every activation passes its input on unchanged.

Where an activation stands inside a block is free. So biases and statistics are set, from the first block to the last,
such that neither convolutions nor batch norms (in evaluation mode) give anything below zero for the pictures at hand:
then only stages, skips, pools and upsampling are left to compare.

The activations themselves are compared with batch norms that only scale: they may be exchanged with a rectifier.
"""

from collections.abc import Callable
from typing import Literal, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.suites.pix2pix.networks import SLOPE, Bias, has_bias

Place = Literal["nowhere", "behind", "between", "before"]  # of the activations, seen from convolutions with their norms
PLACES: tuple[Place, ...] = ("behind", "between", "before")
MARGIN = 0.25  # of all values above zero: far above rounding
ENCODER = ((3, 32, 5, 1), (32, 64, 3, 4), (64, 128, 3, 2), (128, 256, 3, 2))  # channels, width, kernel, pool before
DECODER = ((256, 128, 3, 2), (256, 64, 3, 2), (128, 32, 3, 4), (64, 3, 5, 1))  # channels, width, kernel, up before
JUDGE = (
    *((6, 16, 5, 1), (16, 32, 3, 4), (32, 32, 3, 1), (32, 64, 3, 2), (64, 64, 3, 1)),
    *((64, 128, 3, 2), (128, 128, 3, 1), (128, 256, 3, 2), (256, 256, 3, 1), (256, 1, 1, 1)),
)


class Blocks(nn.Module):
    """Convolutions with batch norm behind all but the last."""

    def __init__(
        self, plan: tuple[tuple[int, int, int, int], ...], slopes: tuple[float, ...], bias: Bias, place: Place
    ) -> None:
        super().__init__()
        self.slopes, self.place = slopes, place
        self.convolutions, self.norms = nn.ModuleList(), nn.ModuleList()
        for index, (channels, width, kernel_size, _) in enumerate(plan):
            last = index == len(plan) - 1
            bent = has_bias(bias, normalised=not last, last=last)
            self.convolutions.append(nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2, bias=bent))
            self.norms.append(nn.Identity() if last else nn.BatchNorm2d(width))

    def block(self, x: Tensor, index: int) -> Tensor:
        """One of them; without the activation where nothing is below zero."""
        if self.place == "before" and index > 0:
            x = F.leaky_relu(x, self.slopes[index])
        inner = index < len(self.norms) - 1
        x = self.convolutions[index](x)
        if self.place == "between" and inner:
            x = F.leaky_relu(x, self.slopes[index])
        result: Tensor = self.norms[index](x)
        if self.place == "behind" and inner:
            result = F.leaky_relu(result, self.slopes[index])
        return result

    def scale_only(self) -> None:
        """Make batch norms in evaluation mode multiply by something positive, and nothing else."""
        for norm in self.norms:
            if isinstance(norm, nn.BatchNorm2d):
                norm.bias.zero_()
                cast(Tensor, norm.running_mean).zero_()

    def settle(self, index: int, x: Tensor) -> Tensor:
        """Set a block's bias and statistics such that nothing below zero comes of x, and about the same spread.

        Returns what the block then makes of x.
        """
        convolution, norm = cast(nn.Conv2d, self.convolutions[index]), self.norms[index]
        if convolution.bias is not None:
            convolution.bias.zero_()
        convolved = convolution(x)
        if convolution.bias is not None:
            shift = (
                -convolved.mean((0, 2, 3)) if index == len(self.norms) - 1 else 2 * MARGIN - convolved.amin((0, 2, 3))
            )
            convolution.bias.copy_(shift)
            convolved = convolved + shift[:, None, None]
        if isinstance(norm, nn.BatchNorm2d):
            cast(Tensor, norm.running_mean).copy_(convolved.amin((0, 2, 3)) - MARGIN)
            cast(Tensor, norm.running_var).copy_(convolved.var((0, 2, 3)) + 0.01)
        result: Tensor = norm(convolved)
        return result


class PoolUNet(Blocks):
    """sketch (n, 3, 64, 64) -> (n, 3, 64, 64) in [-1, 1]; 875,619 parameters."""

    def __init__(self, *, bias: Bias = "everywhere", place: Place = "nowhere") -> None:
        super().__init__((*ENCODER, *DECODER), (SLOPE,) * len(ENCODER) + (0.0,) * len(DECODER), bias, place)
        self.joins = {f"convolutions.{len(ENCODER) + index}.weight": 1 for index in (1, 2, 3)}

    def forward(self, sketch: Tensor) -> Tensor:
        """The function of the text; with activations nowhere, where nothing is below zero."""
        return self.variation(sketch)

    def variation(
        self,
        sketch: Tensor,
        *,
        skips: bool = True,
        output: Callable[[Tensor], Tensor] = torch.tanh,
        settle: bool = False,
    ) -> Tensor:
        """Other skips or another output; `settle` sets the blocks on the way."""

        def block(x: Tensor, index: int) -> Tensor:
            return self.settle(index, x) if settle else self.block(x, index)

        encoded = [sketch]
        for index, (*_, size) in enumerate(ENCODER):
            encoded.append(block(F.avg_pool2d(encoded[-1], size), index))
        x = encoded.pop()
        for index, (*_, size) in enumerate(DECODER, start=len(ENCODER)):
            if index > len(ENCODER):
                skip = encoded.pop()
                x = torch.cat([x, skip if skips else torch.zeros_like(skip)], dim=1)
            if size > 1:
                x = F.interpolate(x, scale_factor=size, mode="nearest")
            x = block(x, index)
        return output(x)


class PoolJudge(Blocks):
    """sketch and photo, (n, 3, 64, 64) each -> logits (n, 1, 2, 2); 1,180,625 parameters."""

    def __init__(self, *, bias: Bias = "everywhere", place: Place = "nowhere") -> None:
        super().__init__(JUDGE, (SLOPE,) * len(JUDGE), bias, place)
        self.joins = {"convolutions.0.weight": 1}

    def forward(self, sketch: Tensor, photo: Tensor) -> Tensor:
        """The function of the text; with activations nowhere, where nothing is below zero."""
        return self.variation(sketch, photo)

    def variation(
        self,
        sketch: Tensor,
        photo: Tensor,
        *,
        output: Callable[[Tensor], Tensor] | None = None,
        settle: bool = False,
    ) -> Tensor:
        """Another output; `settle` sets the blocks on the way."""
        x = torch.cat([sketch, photo], dim=1)
        for index, (*_, size) in enumerate(JUDGE):
            x = F.avg_pool2d(x, size)
            x = self.settle(index, x) if settle else self.block(x, index)
        return x if output is None else output(x)
