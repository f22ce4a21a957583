"""Public mocks that tests build in the worker: small, known networks, callables that record how they are used, files.

Nothing here is secret; a student may read all of it.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.func import debug_unwrap
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, TensorDataset


@dataclass(frozen=True)
class Recorded:
    """One call: its arguments (tensors as they were then), and the state of autograd and of the module.

    `requires_grad` is that of the inputs; `frozen` says that no parameter of the module asked for a gradient.
    """

    inputs: tuple[Any, ...]
    grad_enabled: bool
    training: bool
    requires_grad: bool
    frozen: bool = True


class RecordingModule(nn.Module):
    """A module that remembers its forward calls."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded: list[Recorded] = []

    def record(self, *inputs: torch.Tensor) -> None:
        kept = tuple(debug_unwrap(value).detach().clone() for value in inputs)  # of torch.func.vmap: all samples
        requires_grad = any(value.requires_grad for value in inputs)
        frozen = not any(parameter.requires_grad for parameter in self.parameters())
        self.recorded.append(Recorded(kept, torch.is_grad_enabled(), self.training, requires_grad, frozen))


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


class Recording(RecordingModule):
    """Any layer, its calls recorded. Several inputs, (n, c, h, w) each, are concatenated along their channels.

    `names` lets them come by keyword.
    """

    def __init__(self, layer: nn.Module, names: Sequence[str] = ()) -> None:
        super().__init__()
        self.layer, self.names = layer, names

    def forward(self, *inputs: torch.Tensor, **named: torch.Tensor) -> Any:
        inputs = (*inputs, *(named.pop(name) for name in self.names[len(inputs) :]))
        if named:
            raise TypeError(f"unexpected keyword arguments {', '.join(named)}")
        self.record(*inputs)
        return self.layer(torch.cat(inputs, dim=1) if len(inputs) > 1 else inputs[0])


class LinearConditionalGenerator(RecordingModule):
    """noise (n, d), labels (n,) -> (n, *shape): one linear layer, plus the label's row of a table."""

    def __init__(self, weight: torch.Tensor, table: torch.Tensor, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.clone())  # (pixels, noise_dim)
        self.table = nn.Parameter(table.clone())  # (classes, pixels)
        self.shape = tuple(shape)

    def forward(self, noise: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        self.record(noise, labels)
        return (noise @ self.weight.T + self.table[labels]).reshape(noise.shape[0], *self.shape)


class NormalisedConditionalGenerator(RecordingModule):
    """noise (n, d), labels (n,) -> (n, *shape): the linear one behind a batch norm, whose mode shows in the images."""

    def __init__(self, norm: nn.Module, weight: torch.Tensor, table: torch.Tensor, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.norm = norm  # of noise; the test that made it holds its statistics and its mode
        self.weight = nn.Parameter(weight.clone())  # (pixels, noise_dim)
        self.table = nn.Parameter(table.clone())  # (classes, pixels)
        self.shape = tuple(shape)

    def forward(self, noise: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        self.record(noise, labels)
        images: torch.Tensor = self.norm(noise) @ self.weight.T + self.table[labels]
        return images.reshape(noise.shape[0], *self.shape)


class LinearConditionalDiscriminator(RecordingModule):
    """images (n, ...), labels (n,) -> logits (n,): the pixels, weighted by the label's row of a table."""

    def __init__(self, table: torch.Tensor) -> None:
        super().__init__()
        self.table = nn.Parameter(table.clone())  # (classes, pixels)

    def forward(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        self.record(images, labels)
        logits: torch.Tensor = (images.flatten(1) * self.table[labels]).sum(1)
        return logits


class QuadraticCritic(RecordingModule):
    """x (n, ...) -> scores scale / 2 * |x|^2, (n,) or as a column (n, 1): its gradient is scale * x."""

    def __init__(self, scale: torch.Tensor, column: bool) -> None:
        super().__init__()
        self.scale = nn.Parameter(scale.clone())  # ()
        self.column = column

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.record(x)
        return self.scale / 2 * x.flatten(1).square().sum(1, keepdim=self.column)


class Recorder:
    """Anything to call: records its arguments and returns what it was told to. `names` lets them come by keyword."""

    def __init__(self, result: Any = None, names: Sequence[str] = ()) -> None:
        self.result, self.names = result, names
        self.recorded: list[Recorded] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        inputs = (*args, *(kwargs.pop(name) for name in self.names[len(args) :]))
        if kwargs:
            raise TypeError(f"unexpected keyword arguments {', '.join(kwargs)}")
        self.recorded.append(Recorded(inputs, torch.is_grad_enabled(), False, False))
        return self.result


class Pool:
    """An image pool that records the images it is given and always returns the same older ones."""

    def __init__(self, older: torch.Tensor) -> None:
        self.older = older
        self.recorded: list[Recorded] = []

    def query(self, images: torch.Tensor, *, rng: torch.Generator | None = None) -> torch.Tensor:
        kept = images.detach().clone()
        self.recorded.append(Recorded((kept,), torch.is_grad_enabled(), False, images.requires_grad))
        return self.older


class Operations(TorchFunctionMode):
    """Calls a network and lists the functions of PyTorch that it used, by name, in order: layers and F.* look alike."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.names: list[str] = []

    def __call__(self, *inputs: torch.Tensor) -> list[str]:
        self.names = []
        with torch.no_grad(), self:
            self.network(*inputs)
        return self.names

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(func.__name__)
        return func(*args, **(kwargs or {}))


def make_loader(*tensors: torch.Tensor, batch_size: int) -> DataLoader[Any]:
    """A real DataLoader over samples of these tensors, in their order, with a ragged last batch."""
    return DataLoader(TensorDataset(*tensors), batch_size=batch_size)


def write_files(files: dict[str, "np.ndarray[Any, Any]"], folder: str = "images") -> Path:
    """Write files below a new folder of that name, and return its path.

    By relative path: a uint8 array (h, w) or (h, w, 3) is a picture, in the format of its ending; (bytes,) is
    written as it is.
    """
    root = Path(tempfile.mkdtemp()) / folder
    root.mkdir()
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content.ndim == 1:
            path.write_bytes(content.tobytes())
        else:
            Image.fromarray(content).save(path)
    return root


PROBES: dict[str, Callable[..., Any]] = {
    probe.__name__: probe
    for probe in (
        *(LinearGenerator, LinearDiscriminator, NormalisedDiscriminator, NormalisedGenerator, Recording),
        *(LinearConditionalGenerator, NormalisedConditionalGenerator, LinearConditionalDiscriminator),
        *(QuadraticCritic, Recorder, Pool, Operations, make_loader, write_files),
    )
}
OPTIMIZERS: dict[str, Callable[..., Any]] = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}


def make(kind: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Make a probe, a layer of torch.nn, a torch.Generator from a seed, or an optimizer over some parameters.

    Layers among a layer's arguments may be given as (name, *arguments).
    """
    if kind == "layer":
        inner = [make(kind, arg[0], list(arg[1:]), {}) if _is_layer(arg) else arg for arg in args]
        return getattr(nn, name)(*inner, **kwargs)
    if kind == "rng":
        return torch.Generator().manual_seed(int(name))
    if kind == "optimizer":
        modules = args[0] if isinstance(args[0], list) else [args[0]]
        return OPTIMIZERS[name]([p for module in modules for p in nn.Module.parameters(module)], **kwargs)
    return PROBES[name](*args, **kwargs)


def _is_layer(argument: Any) -> bool:
    return isinstance(argument, tuple) and bool(argument) and isinstance(argument[0], str)
