"""What the four networks minimise, put together from its terms.

A scene holds the networks as functions of this side; losses are those of the text, or a student's own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from autograder.suites.cyclegan import reference
from autograder.suites.cyclegan.players import NAMES, Cast, Parameters, flat

Adversarial = Callable[[Tensor, bool], Tensor]
Distance = Callable[[Tensor, Tensor], Tensor]
Identity = Callable[["Scene", str, Tensor], Tensor]
CLEAR = 2e-5  # no difference of pictures may be nearer to zero: float32 would turn its sign, and gradients with it


@dataclass(frozen=True)
class Scene:
    """The players, parameters for each of them, and images of both domains."""

    cast: Cast
    parameters: Mapping[str, Parameters]
    real_a: Tensor
    real_b: Tensor

    def run(self, name: str, x: Tensor) -> Tensor:
        """What this network makes of x."""
        return self.cast[name].run(self.parameters[name], x)

    @property
    def fake_a(self) -> Tensor:
        """What g_ba makes of real_b."""
        return self.run("g_ba", self.real_b)

    @property
    def fake_b(self) -> Tensor:
        """What g_ab makes of real_a."""
        return self.run("g_ab", self.real_a)


def judge_identity(scene: Scene, name: str, images: Tensor) -> Tensor:
    """The identity loss of the text."""
    return reference.cycle_loss(scene.run(name, images), images)


@dataclass(frozen=True)
class Losses:
    """The three losses of which the objectives are made."""

    adversarial: Adversarial = reference.adversarial_loss
    cycle: Distance = reference.cycle_loss
    identity: Identity = judge_identity


TEXT = Losses()
Term = Callable[[Scene, Losses], Tensor]


def fool(scene: Scene, losses: Losses) -> Tensor:
    """Both discriminators are to take the fakes for real."""
    return losses.adversarial(scene.run("d_a", scene.fake_a), True) + losses.adversarial(
        scene.run("d_b", scene.fake_b), True
    )


def return_home(scene: Scene, losses: Losses) -> Tensor:
    """There and back again, from both sides."""
    return losses.cycle(scene.run("g_ba", scene.fake_b), scene.real_a) + losses.cycle(
        scene.run("g_ab", scene.fake_a), scene.real_b
    )


def stay(scene: Scene, losses: Losses) -> Tensor:
    """Each generator leaves images alone that are of its domain already."""
    return losses.identity(scene, "g_ab", scene.real_b) + losses.identity(scene, "g_ba", scene.real_a)


@dataclass(frozen=True)
class Objective:
    """What generators minimise: three terms and how they are weighted."""

    fooling: Term = fool
    cycles: Term = return_home
    identities: Term = stay
    cycle_weight: float = reference.CYCLE_WEIGHT
    identity_weight: float = reference.IDENTITY_WEIGHT
    scales: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def __call__(self, scene: Scene, losses: Losses = TEXT) -> Tensor:
        """Its value, of shape ()."""
        terms = [
            (1.0, self.fooling),
            (self.cycle_weight, self.cycles),
            (self.cycle_weight * self.identity_weight, self.identities),
        ]
        parts = [scale * weight * term(scene, losses) for scale, (weight, term) in zip(self.scales, terms, strict=True)]
        return sum(parts, torch.zeros((), dtype=torch.float64))


def judge(scene: Scene, name: str, real: Tensor, fake: Tensor, losses: Losses = TEXT) -> Tensor:
    """What a discriminator minimises."""
    real_loss = losses.adversarial(scene.run(name, real), True)
    return (real_loss + losses.adversarial(scene.run(name, fake), False)) / 2


@dataclass(frozen=True)
class Outcome:
    """A value, and its gradient in the parameters of some players, each as one vector."""

    value: Tensor
    slopes: Mapping[str, Tensor]


def differentiate(scene: Scene, function: Callable[[Scene], Tensor], names: Iterable[str]) -> Outcome:
    """Value and gradients of a function of this scene."""
    leaves = {
        name: {key: value.double().requires_grad_() for key, value in scene.parameters[name].items()} for name in names
    }
    value = function(replace(scene, parameters={**scene.parameters, **leaves}))
    flattened = [leaf for own in leaves.values() for leaf in own.values()]
    found: list[Any] = [torch.zeros_like(leaf) for leaf in flattened]
    if value.requires_grad:
        found = list(torch.autograd.grad(value, flattened, allow_unused=True, materialize_grads=True))
    slopes = {name: flat({key: found.pop(0) for key in own}) for name, own in leaves.items()}
    return Outcome(value.detach(), slopes)


def begin(cast: Cast, real_a: Tensor, real_b: Tensor) -> Scene:
    """The scene in which nobody has moved."""
    return Scene(cast, {name: cast[name].start for name in NAMES}, real_a.double(), real_b.double())


def is_clear(scene: Scene) -> bool:
    """Whether all pictures that are compared differ enough, so that signs are the same in float32."""
    gaps: list[float] = []

    def watch(one: Tensor, other: Tensor) -> Tensor:
        gaps.append(float((one - other).detach().abs().min()))
        return one.sum() * 0

    losses = Losses(cycle=watch, identity=lambda scene, name, images: watch(scene.run(name, images), images))
    return_home(scene, losses), stay(scene, losses)
    return min(gaps) > CLEAR
