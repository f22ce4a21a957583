"""Which parameter of a student's network is which of the reference's: by order of execution, then by shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from autograder.sandbox.answer import Named, WrongAnswer, shorten

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Leaf:
    """A module that computes something: classes of torch.nn it is made of, settings, names of its own tensors."""

    name: str
    types: list[str]
    options: dict[str, Any]
    parameters: list[str]
    buffers: list[str]


@dataclass(frozen=True)
class Matching:
    """Pairs of names, student's and reference's; which of the student's matrices are transposed; their shapes."""

    place: str
    pairs: dict[str, str]
    transposed: frozenset[str]
    shapes: dict[str, Shape]

    def from_reference(self, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The reference's tensors by the student's names."""
        return {own: self._turn(own, tensors[theirs].detach()) for own, theirs in self.pairs.items()}

    def to_reference(self, tensors: Mapping[str, torch.Tensor | None]) -> dict[str, torch.Tensor]:
        """The student's tensors by the reference's names.

        WrongAnswer where one is None (a missing gradient) or has no longer the shape that it had when it was paired.
        """
        found = []
        for own, theirs in self.pairs.items():
            if own in tensors:
                tensor = tensors[own]
                if tensor is None:
                    raise WrongAnswer(f"{self.place}: expected a gradient for {shorten(own)}, got none")
                wanted, got = self.shapes[own], tuple(tensor.shape)
                if got != wanted:
                    raise WrongAnswer(f"{self.place}: expected {shorten(own)} of shape {wanted}, got {got}")
                found.append((theirs, self._turn(own, tensor)))
        return Named(self.place, found)

    def _turn(self, own: str, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.T if own in self.transposed else tensor


def match_parameters(
    place: str,
    leaves: list[Leaf],
    own: Mapping[str, Shape],
    wanted: list[Leaf],
    theirs: Mapping[str, Shape],
) -> Matching:
    """Pair a student's parameters and buffers with the reference's.

    `leaves` and `wanted` are the modules of both by order of execution, `own` and `theirs` the shapes of the student's
    and of the reference's tensors. Layers that fit one to one are paired in their order; else tensors are paired by
    shape, in that order.
    """
    pairs = _pair_leaves(leaves, own, wanted, theirs) or _pair_shapes(leaves, own, wanted, theirs)
    if pairs is None:
        raise WrongAnswer(
            f"{place}: expected parameters of the shapes {_shapes(_names(wanted, theirs), theirs)}, "
            f"got {_shapes(_names(leaves, own), own)}"
        )
    turned = frozenset(name for name, other in pairs.items() if own[name] != theirs[other])
    return Matching(place, pairs, turned, {name: own[name] for name in pairs})


def match_in_order(place: str, own: Mapping[str, Shape], theirs: Mapping[str, Shape]) -> Matching | None:
    """Pair tensors in the order given, if all agree in shape and in the last part of their names."""
    described = [[(name.rpartition(".")[2], shape) for name, shape in tensors.items()] for tensors in (own, theirs)]
    if described[0] != described[1]:
        return None
    return Matching(place, dict(zip(own, theirs, strict=True)), frozenset(), dict(own))


def _pair_leaves(
    leaves: list[Leaf], own: Mapping[str, Shape], wanted: list[Leaf], theirs: Mapping[str, Shape]
) -> dict[str, str] | None:
    holding = [leaf for leaf in leaves if any(name in own for name in (*leaf.parameters, *leaf.buffers))]
    target = [leaf for leaf in wanted if leaf.parameters or leaf.buffers]
    covered = {name for leaf in holding for name in (*leaf.parameters, *leaf.buffers)}
    if len(holding) != len(target) or any(name not in covered for name in own):
        return None
    pairs = {}
    for leaf, other in zip(holding, target, strict=True):
        names = {name.rpartition(".")[2]: name for name in (*leaf.parameters, *leaf.buffers) if name in own}
        for name in (*other.parameters, *other.buffers):
            match = names.pop(name.rpartition(".")[2], None)
            if match is None or own[match] != theirs[name]:
                return None
            pairs[match] = name
        if names:
            return None
    return pairs if len(pairs) == len(theirs) else None


def _pair_shapes(
    leaves: list[Leaf], own: Mapping[str, Shape], wanted: list[Leaf], theirs: Mapping[str, Shape]
) -> dict[str, str] | None:
    free = _names(leaves, own)
    pairs: dict[str, str] = {}
    for exact in (True, False):  # first as they are, then transposed
        for name in _names(wanted, theirs):
            if name in pairs.values():
                continue
            shape = theirs[name]
            if not exact:
                if len(shape) != 2:
                    continue
                shape = shape[::-1]
            match = next((candidate for candidate in free if own[candidate] == shape), None)
            if match is not None:
                free.remove(match)
                pairs[match] = name
    return pairs if not free and len(pairs) == len(theirs) else None


def _names(leaves: list[Leaf], tensors: Mapping[str, Shape]) -> list[str]:
    """Names by order of execution; what no module showed comes last, by registration."""
    order = [name for leaf in leaves for name in (*leaf.parameters, *leaf.buffers) if name in tensors]
    return list(dict.fromkeys([*order, *tensors]))


def _shapes(names: list[str], tensors: Mapping[str, Shape]) -> str:
    shown = [str(tensors[name]) for name in names[:12]]
    return ", ".join(shown) + (" …" if len(names) > 12 else "") if shown else "none"
