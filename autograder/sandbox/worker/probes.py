"""Public mocks that tests build in the worker: small, known networks and callables that record how they are used.

Nothing here is secret; a student may read all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Recorded:
    """One call: its arguments (tensors as they were then), and the state of autograd and of the module."""

    inputs: tuple[Any, ...]
    grad_enabled: bool
    training: bool
    requires_grad: bool


class RecordingModule(nn.Module):
    """A module that remembers its forward calls."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded: list[Recorded] = []

    def record(self, *inputs: torch.Tensor) -> None:
        kept = tuple(value.detach().clone() for value in inputs)
        requires_grad = any(value.requires_grad for value in inputs)
        self.recorded.append(Recorded(kept, torch.is_grad_enabled(), self.training, requires_grad))


class LinearGenerator(RecordingModule):
    """noise (n, d) -> (n, *shape): one linear layer."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.clone())  # (pixels, noise_dim)
        self.bias = nn.Parameter(bias.clone())  # (pixels,)
        self.shape = tuple(shape)

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        self.record(noise)
        return (noise @ self.weight.T + self.bias).reshape(noise.shape[0], *self.shape)


class LinearDiscriminator(RecordingModule):
    """images (n, ...) -> logits (n,): one linear layer."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.clone())  # (pixels,)
        self.bias = nn.Parameter(bias.clone())  # ()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.record(images)
        logits: torch.Tensor = images.flatten(1) @ self.weight + self.bias
        return logits


class NormalisedDiscriminator(RecordingModule):
    """images (n, ...) -> logits (n,): batch norm, then one linear layer. Real and fake batches must not be mixed."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(weight.numel())
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(bias.clone())

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.record(images)
        logits: torch.Tensor = self.norm(images.flatten(1)) @ self.weight + self.bias
        return logits


class NormalisedGenerator(RecordingModule):
    """noise (n, d) -> (n, *shape): one linear layer behind batch norm: its mode can be seen in its output."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(weight.shape[1])
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(bias.clone())
        self.shape = tuple(shape)

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        self.record(noise)
        images: torch.Tensor = self.norm(noise) @ self.weight.T + self.bias
        return images.reshape(noise.shape[0], *self.shape)


class Recorder:
    """Anything to call: records its arguments and returns what it was told to."""

    def __init__(self, result: Any = None) -> None:
        self.result = result
        self.recorded: list[Recorded] = []

    def __call__(self, *args: Any) -> Any:
        self.recorded.append(Recorded(args, torch.is_grad_enabled(), False, False))
        return self.result


PROBES: dict[str, Callable[..., Any]] = {
    probe.__name__: probe
    for probe in (LinearGenerator, LinearDiscriminator, NormalisedDiscriminator, NormalisedGenerator, Recorder)
}
OPTIMIZERS: dict[str, Callable[..., Any]] = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}


def make(kind: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Make a probe, a torch.Generator from a seed, or an optimizer over the parameters of some modules."""
    if kind == "rng":
        return torch.Generator().manual_seed(int(name))
    if kind == "optimizer":
        modules = args[0] if isinstance(args[0], list) else [args[0]]
        return OPTIMIZERS[name]([p for module in modules for p in nn.Module.parameters(module)], **kwargs)
    return PROBES[name](*args, **kwargs)
