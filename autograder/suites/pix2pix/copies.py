"""A reference's parameters in a student's network, whatever the order of its concatenations.

A weight that reads two concatenated parts has them in one of two orders, and both are right. Which one a student chose
is found by what the network makes of a picture, concatenation by concatenation if need be.
"""

import copy
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, cast

import torch
from torch import Tensor, nn

from autograder.compare import expect, expect_close, hinting, is_close
from autograder.sandbox.matching import Leaf, Matching
from autograder.sandbox.objects import trace_reference
from autograder.sandbox.proxy import RemoteModule, StudentRaised, WrongAnswer

SHAPES_HINT = "Are channels, kernels, biases and batch norms those of the text? The number of parameters tells, too."
COUNT_HINT = (
    "Are channels, kernels, biases and batch norms those of the text, and all layers attributes or in a ModuleList?"
)
DETACHED_HINT = "Did you detach something in forward?"
CLOSE = 5e-3  # of a gradient's length: rounding may turn a rectifier that stands at zero


@dataclass(frozen=True)
class Copy:
    """A student's module with a reference's parameters; `turned` are the weights whose two parts are exchanged.

    `got` is what the student's made of the inputs that they were compared on, `want` what the reference made of them.
    """

    module: RemoteModule
    network: Any
    matching: Matching
    got: Tensor
    want: Tensor
    turned: frozenset[str] = frozenset()

    def load(self, names: Iterable[str], network: nn.Module | None = None) -> None:
        """Hand over the parameters of these names, from another network of the same kind if one is given."""
        wanted = {name: dict((network or self.network).named_parameters())[name] for name in names}
        for name in self.turned & wanted.keys():
            wanted[name] = exchange(wanted[name], self.network.joins[name])
        own = {theirs: name for name, theirs in self.matching.pairs.items()}
        self.module.load({own[name]: value for name, value in wanted.items()})

    def to_reference(self, tensors: Mapping[str, Tensor | None]) -> dict[str, Tensor]:
        """The student's gradients or buffers by the reference's names and in its order."""
        found = self.matching.to_reference(tensors)
        for name in self.turned & found.keys():
            found[name] = exchange(found[name], self.network.joins[name])
        return found


def exchange(tensor: Tensor, dim: int) -> Tensor:
    """The two halves along a dimension, the second first."""
    return tensor.roll(tensor.shape[dim] // 2, dim)


def copy_network(module: RemoteModule, network: Any, *inputs: Tensor, hint: str = "") -> Copy:
    """Copy the reference's parameters and buffers into a student's module; both are in evaluation mode then.

    hint: for an output of another shape.
    """
    module.eval()
    network.eval()
    with torch.no_grad():
        want = network(*inputs)

    def run() -> Tensor:
        with hinting(hint):
            return module(*inputs).tensor(want.shape)

    leaves = find_leaves(network.recipe, *(value.shape for value in inputs))
    guessed = _guess_copy(module, network, leaves, want, run)
    if guessed is not None:
        return guessed
    with hinting(SHAPES_HINT):
        matching = module.copy_from(network, *inputs, leaves=leaves)
    made = Copy(module, network, matching, run(), want)
    if is_close(made.got, want, deep=True):
        return made
    every = frozenset(network.joins)
    made = _reload(made, every, run)
    if is_close(made.got, want, deep=True):
        return made
    turned: frozenset[str] = frozenset()  # a wrong network of one concatenation: most likely in the order of the text
    if len(every) > 1:
        turned = frozenset(name for name in every if _is_turned(made, name, inputs))
        mixed = _reload(made, turned, run)
        if is_close(mixed.got, want, deep=True):
            return mixed
        turned = every if 2 * len(turned) > len(every) else frozenset()
    return _reload(made, turned, run)


def _guess_copy(
    module: RemoteModule, network: Any, leaves: list[Leaf], want: Tensor, run: Callable[[], Tensor]
) -> Copy | None:
    """The copy by order of registration, where the outputs are then equal: what most right networks need."""
    try:
        matching = module.copy_in_order(network, leaves)
        made = None if matching is None else Copy(module, network, matching, run(), want)
    except WrongAnswer:  # lazy layers have no shapes yet; all else is judged where order of execution decides
        return None
    return made if made and is_close(made.got, want, deep=True) else None


def _reload(made: Copy, turned: frozenset[str], run: Callable[[], Tensor]) -> Copy:
    made = replace(made, turned=turned)
    made.load(made.network.joins)
    return replace(made, got=run())


def _is_turned(made: Copy, name: str, inputs: tuple[Tensor, ...]) -> bool:
    """Whether a student has the parts of one concatenation in the other order, all others made symmetric."""
    plain = copy.deepcopy(made.network)
    with torch.no_grad():
        for other, dim in plain.joins.items():
            if other != name:
                weight = plain.get_parameter(other)
                weight.copy_((weight + exchange(weight, dim)) / 2)
        replace(made, turned=frozenset()).load(plain.joins, plain)
        same = plain(*inputs)
        got = made.module(*inputs).tensor(same.shape)
        weight = plain.get_parameter(name)
        weight.copy_(exchange(weight, plain.joins[name]))
        other_order = plain(*inputs)
        return _likeness(got, other_order) > _likeness(got, same)


def _likeness(one: Tensor, other: Tensor) -> float:
    """Their correlation: it does not mind another activation at the end."""
    return float(torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1])


def copy_fitting(
    module: RemoteModule, candidates: Sequence[Callable[[], Any]], *inputs: Tensor, hint: str = ""
) -> Copy:
    """Copy the first of these references, or where a student's parameters have other shapes, another one that fits.

    A missing bias costs its points where parameters are counted, not wherever values are compared.
    """
    try:
        return copy_network(module, candidates[0](), *inputs, hint=hint)
    except WrongAnswer as wrong:
        again = candidates if isinstance(wrong, StudentRaised) else candidates[1:]  # lazy layers have no shapes yet
        shapes = sorted(find_shapes(module, *inputs))
        for candidate in again:
            network = candidate()
            if sorted(tuple(value.shape) for value in network.parameters()) == shapes:
                return copy_network(module, network, *inputs, hint=hint)
        raise


def count(module: RemoteModule, *inputs: Tensor) -> int:
    """The number of a student's parameters, shared ones once; on the meta device, too."""
    return sum(math.prod(shape) for shape in find_shapes(module, *inputs))


def find_shapes(module: RemoteModule, *inputs: Tensor) -> list[tuple[int, ...]]:
    """The shapes of a student's parameters; lazy layers get theirs from these inputs."""
    try:
        return list(module.parameter_shapes().values())
    except WrongAnswer:
        module(*inputs)
        return list(module.parameter_shapes().values())


@dataclass(frozen=True)
class Recipe:
    """A reference's class or function and its settings; its network is made once, for all tests and submissions."""

    make: Callable[..., Any]
    settings: tuple[tuple[str, Any], ...]


@cache
def make_network(recipe: Recipe) -> Any:
    """The one network of a recipe, with whatever parameters were drawn last."""
    network = recipe.make(**dict(recipe.settings))
    network.recipe = recipe
    return network


@cache
def find_leaves(recipe: Recipe, *shapes: torch.Size) -> list[Leaf]:
    """The layers of such a network by order of execution, for inputs of these shapes."""
    return trace_reference(copy.deepcopy(make_network(recipe)), *map(torch.zeros, shapes))


def draw_network(rng: torch.Generator, make: Callable[..., Any], **settings: Any) -> Any:
    """The network of these settings, in training mode, with new random parameters and statistics.

    It is the same object each time: whoever held it, holds the new ones. Values keep their size from layer to layer.
    """

    recipe = Recipe(make, tuple(settings.items()))
    network = make_network(recipe).train()
    values, state = draw_values(recipe, rng.get_state().numpy().tobytes())
    network.load_state_dict(values)
    rng.set_state(state)
    return network


@lru_cache(64)
def draw_values(recipe: Recipe, state: bytes) -> tuple[dict[str, Tensor], Tensor]:
    """Such a network's parameters and statistics, and the state after; drawn once, since hidden seeds come again."""
    rng = torch.Generator()
    rng.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))

    def draw(tensor: Tensor | None, low: float, high: float) -> None:
        if tensor is not None:
            tensor.uniform_(low, high, generator=rng)

    network = make_network(recipe)
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                terms = layer.in_channels * math.prod(layer.kernel_size)
                if isinstance(layer, nn.ConvTranspose2d):
                    terms //= math.prod(layer.stride)
                bound = math.sqrt(6 / terms)  # half of the terms are rectified away
                draw(layer.weight, -bound, bound)
                draw(layer.bias, -0.3, 0.3)
            elif isinstance(layer, nn.BatchNorm2d):
                draw(layer.weight, 0.7, 1.3)
                draw(layer.bias, -0.3, 0.3)
                draw(layer.running_mean, -0.3, 0.3)
                draw(layer.running_var, 0.5, 1.5)
                cast(Tensor, layer.num_batches_tracked).zero_()
    return {name: value.clone() for name, value in network.state_dict().items()}, rng.get_state()


def has_right_slopes(module: RemoteModule, network: Any, inputs: Sequence[Tensor], cotangent: Tensor) -> bool:
    """Whether output and all gradients are the reference's when parameters are copied by order of registration.

    Both are in evaluation mode then. It can only acquit: where it says no, `copy_fitting` finds the right order first.
    """
    module.eval()
    network.eval()
    try:
        matching = module.copy_in_order(network, find_leaves(network.recipe, *(value.shape for value in inputs)))
        if matching is None:
            return False
        got, slopes, of_parameters = module.vjp(*inputs, wrt=range(len(inputs)), cotangent=cotangent)
        want, wanted, wanted_of_parameters = differentiate(network, inputs, cotangent)
        if not is_close(got, want, deep=True):
            return False
        for slope, right in zip(slopes, wanted, strict=True):
            expect_gradient(slope, right, "gradient of an input")
        expect_gradients(Copy(module, network, matching, got, want), of_parameters, wanted_of_parameters)
    except WrongAnswer:
        return False
    return True


def expect_gradient(got: Tensor, want: Tensor, what: str, hint: str = "") -> None:
    """WrongAnswer unless a gradient is right, but for single entries behind a rectifier that rounding has turned."""
    same_kind = got.shape == want.shape and bool(got.isfinite().all())
    if same_kind and float((got - want).norm()) <= CLOSE * float(want.norm()) + 1e-6:
        return
    expect_close(got, want, what, forward=False, mistakes={DETACHED_HINT: 0 * want}, hint=hint)


def expect_gradients(made: Copy, slopes: Mapping[str, Tensor], wanted: Mapping[str, Tensor], hint: str = "") -> None:
    """WrongAnswer unless the gradients of all parameters are those of the reference."""
    found = made.to_reference(slopes)
    for name, want in wanted.items():
        what = "gradient of a weight" if want.dim() > 1 else "gradient of a bias or of a batch norm"
        expect(name in found, f"{what} is missing", DETACHED_HINT)
        expect_gradient(found[name], want, what, hint)


def differentiate(
    network: Any, inputs: Sequence[Tensor], cotangent: Tensor
) -> tuple[Tensor, list[Tensor], dict[str, Tensor]]:
    """What the reference gives, and its gradients: of its inputs, of its parameters by name."""
    leaves = [value.clone().requires_grad_() for value in inputs]
    names, parameters = zip(*network.named_parameters(), strict=True)
    output = network(*leaves)
    found = torch.autograd.grad(output, (*leaves, *parameters), cotangent)
    return output.detach(), list(found[: len(leaves)]), dict(zip(names, found[len(leaves) :], strict=True))
