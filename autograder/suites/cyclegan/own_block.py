"""A generator of the text's layers around a student's own residual blocks: a mistake there costs once."""

from typing import Any

import torch
from torch import Tensor, nn

from autograder.compare import expect
from autograder.sandbox.matching import Leaf
from autograder.sandbox.proxy import Submission
from autograder.suites.cyclegan.networks import ResNetGenerator, Wiring


class OwnBlock(nn.Module):
    """A ResidualBlock of the student's in evaluation mode, with the parameters that it was made with.

    They are held here by the places of the student's: `parts` in order of execution, named by their numbers.
    steady: in training mode it does the same.
    """

    def __init__(self, submission: Submission, sample: Tensor) -> None:
        super().__init__()
        self.remote = submission.build("ResidualBlock", sample.shape[1]).eval()
        leaves = self.remote.leaves(sample)
        self.remote.train()
        trained = self.remote(sample).tensor(sample.shape)  # may move buffers, so these are read after it
        self.remote.eval()
        self.steady = torch.equal(self.remote(sample).tensor(sample.shape), trained)
        values = self.remote.parameters() | self.remote.buffers()
        self.order: list[str] = []  # the student's names of the parameters here
        self.parts = nn.ModuleList()
        for leaf in leaves:
            part = nn.Module()
            for name in leaf.parameters:
                part.register_parameter(name.rpartition(".")[2], nn.Parameter(values.pop(name)))
                self.order.append(name)
            for name in leaf.buffers:
                part.register_buffer(name.rpartition(".")[2], values.pop(name))
            self.parts.append(part)
        loose = values.keys() & self.remote.parameters().keys()  # a constant or a counter does no harm
        expect(not loose, "a residual block with parameters outside of its layers cannot be followed")
        _, (slope,), _ = self.remote.vjp(sample, wrt=(0,), cotangent=sample.cos())
        expect(bool(slope.any()), "a residual block that ignores its input cannot be followed")

    def forward(self, x: Tensor) -> Tensor:
        """What the student's block makes of x."""
        result: Tensor = Remote.apply(self, x, *self.parameters())
        return result

    def leaves(self, prefix: str) -> list[Leaf]:
        """Its layers, by the names of their tensors here."""
        return [
            Leaf(
                f"{prefix}{index}",
                [],
                {},
                [f"{prefix}{index}.{name}" for name, _ in part.named_parameters()],
                [f"{prefix}{index}.{name}" for name, _ in part.named_buffers()],
            )
            for index, part in enumerate(self.parts)
        ]


class Remote(torch.autograd.Function):
    """A block in the worker, differentiable on this side."""

    @staticmethod
    def forward(context: Any, block: OwnBlock, x: Tensor, *parameters: Tensor) -> Tensor:
        context.block = block
        context.save_for_backward(x)
        return block.remote(x.float()).tensor(x.shape).double()

    @staticmethod
    def backward(context: Any, *cotangents: Tensor) -> Any:
        (x,) = context.saved_tensors
        _, (slope,), slopes = context.block.remote.vjp(x.float(), wrt=(0,), cotangent=cotangents[0].float())
        return None, slope.double(), *(slopes[name] for name in context.block.order)


class FollowedGenerator(ResNetGenerator):
    """The generator of the text with a student's own blocks, one in the worker for each."""

    def __init__(self, submission: Submission, image_channels: int, base_channels: int, blocks: int) -> None:
        super().__init__(image_channels, base_channels, blocks=0)
        sample = torch.linspace(-1, 1, 2 * 4 * base_channels * 20).sin().reshape(2, 4 * base_channels, 4, 5)
        self.found = [OwnBlock(submission, sample) for _ in range(blocks)]
        self.own = nn.ModuleList(self.found)

    @property
    def modes(self) -> tuple[bool, ...]:
        """Whether training, for each mode in which the student's own blocks can be followed."""
        return (False, True) if all(block.steady for block in self.found) else (False,)

    def transform(self, x: Tensor, wiring: Wiring) -> Tensor:
        """What all blocks make of x."""
        for block in self.found:
            x = block(x)
        return x

    def leaves(self) -> list[Leaf]:
        """All that holds tensors, in order of execution."""
        found = super().leaves()
        inner = [leaf for index, block in enumerate(self.found) for leaf in block.leaves(f"own.{index}.parts.")]
        return found[:6] + inner + found[6:]
