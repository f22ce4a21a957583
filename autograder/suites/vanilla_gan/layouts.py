"""Networks that keep the same numbers in another layout: biases as rows, a head as a vector, weights like images.

Where order and shapes do not tell which parameter is which, outputs do: every pairing by number of entries is tried.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product

import torch
from torch import Tensor, nn

from autograder.compare import is_close
from autograder.sandbox.answer import Named
from autograder.sandbox.matching import Matching, Shape
from autograder.sandbox.proxy import RemoteModule, WrongAnswer


@dataclass(frozen=True)
class Layout(Matching):
    """A pairing of tensors with the same entries in other shapes; `wanted` are those of the reference, by its names."""

    wanted: dict[str, Shape]

    def from_reference(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The reference's tensors by the student's names, in the student's shapes."""
        turned = {own: tensors[theirs].detach() for own, theirs in self.pairs.items()}
        return {
            own: (tensor.T if own in self.transposed else tensor).reshape(self.shapes[own])
            for own, tensor in turned.items()
        }

    def to_reference(self, tensors: Mapping[str, Tensor | None]) -> dict[str, Tensor]:
        """The student's tensors by the reference's names, in the reference's shapes; WrongAnswer as in Matching."""
        found = super().to_reference(tensors)
        for own, theirs in self.pairs.items():
            if theirs in found:
                shape = self.wanted[theirs]
                turned = own in self.transposed
                found[theirs] = found[theirs].reshape(shape[::-1]).T if turned else found[theirs].reshape(shape)
        return Named(self.place, found.items())

    def _turn(self, own: str, tensor: Tensor) -> Tensor:
        return tensor


def copy_parameters(module: RemoteModule, network: nn.Module, inputs: Tensor) -> Matching:
    """Copy the reference's parameters into a student's module; WrongAnswer if no layout of it takes them."""
    failure = None
    try:
        matching = module.copy_from(network, inputs)
        if not matching.transposed or _agrees(module, network, inputs):
            return matching
    except WrongAnswer as wrong:
        failure = wrong
    parameters = dict(network.named_parameters())
    for layout in _layouts(module.place, module.parameters(), parameters):
        module.load(layout.from_reference(parameters))
        if _agrees(module, network, inputs):
            return layout
    if failure is not None:
        raise failure
    return module.copy_from(network, inputs)


def _layouts(place: str, own: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> Iterator[Layout]:
    matrices = [name for name, tensor in wanted.items() if tensor.dim() == 2]
    shapes = {name: tuple(tensor.shape) for name, tensor in own.items()}
    if len(own) != len(wanted):
        return
    for order in permutations(own):
        pairs = dict(zip(order, wanted, strict=True))
        if all(own[name].numel() == wanted[other].numel() for name, other in pairs.items()):
            for flags in product((False, True), repeat=len(matrices)):
                turned = {name for name, flag in zip(matrices, flags, strict=True) if flag}
                transposed = frozenset(name for name, other in pairs.items() if other in turned)
                wanted_shapes = {name: tuple(value.shape) for name, value in wanted.items()}
                yield Layout(place, pairs, transposed, shapes, wanted_shapes)


def _agrees(module: RemoteModule, network: nn.Module, inputs: Tensor) -> bool:
    with torch.no_grad():
        want = network(inputs)
    try:
        return is_close(module(inputs).tensor(want.shape), want)
    except WrongAnswer:
        return False
