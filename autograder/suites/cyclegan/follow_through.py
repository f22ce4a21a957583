"""What is right given a student's own earlier losses and objectives: so that one mistake costs points once."""

from collections.abc import Callable
from itertools import product
from typing import Any

import torch
from torch import Tensor

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, Submission
from autograder.suites.cyclegan.objectives import TEXT, Adversarial, Distance, Identity, Losses, Outcome, Scene
from autograder.suites.cyclegan.players import GENERATORS, NAMES, flat


def own_losses(submission: Submission) -> list[Losses]:
    """The student's own losses in place of those of the text: each of them, some, all."""
    options = (
        (TEXT.adversarial, adversarial_loss(submission)),
        (TEXT.cycle, cycle_loss(submission)),
        (TEXT.identity, identity_loss(submission)),
    )
    return [Losses(*chosen) for chosen in product(*options)][1:]


def adversarial_loss(submission: Submission) -> Adversarial:
    """The student's own adversarial_loss."""
    run = _follow(submission, "adversarial_loss")
    return lambda scores, is_real: run(scores, is_real)


def cycle_loss(submission: Submission) -> Distance:
    """The student's own cycle_loss."""
    run = _follow(submission, "cycle_loss")
    return lambda reconstructed, original: run(reconstructed, original.detach())


def identity_loss(submission: Submission) -> Identity:
    """The student's own identity_loss."""

    def loss(scene: Scene, name: str, images: Tensor) -> Tensor:
        player, parameters = scene.cast[name], scene.parameters[name]
        player.restore()
        player.module.load(parameters)
        value, _, slopes = submission.vjp("identity_loss", player.module, images.float(), of=player.module)
        steps = [((leaf - leaf.detach()) * slopes[key].double()).sum() for key, leaf in parameters.items()]
        return value.double() + sum(steps)  # the value, and the gradient that autograd sees

    return loss


def generator_objective(submission: Submission, scene: Scene) -> Outcome:
    """What the student's own generator_objective makes of a scene: value, gradients of both generators."""
    for name in NAMES:
        scene.cast[name].restore()
    modules = [scene.cast[name].module for name in NAMES]
    outcome = ask_objective(submission, scene, modules)
    for slope in outcome.slopes.values():
        expect(bool(slope.any()), "an objective without gradient cannot be followed")
    return outcome


def ask_objective(submission: Submission, scene: Scene, modules: list[RemoteModule], **weights: Any) -> Outcome:
    """Value and gradients of the student's own generator_objective on these networks."""
    both = submission.layer("Sequential", *modules[:2])
    images = scene.real_a.float(), scene.real_b.float()
    value, _, slopes = submission.vjp("generator_objective", *modules, *images, of=both, **weights)
    of_each = {
        name: flat({key: slopes[f"{place}.{key}"] for key in scene.parameters[name]})
        for place, name in enumerate(GENERATORS)
    }
    return Outcome(value, of_each)


def discriminator_objective(submission: Submission, scene: Scene, name: str, real: Tensor, fake: Tensor) -> Outcome:
    """What the student's own discriminator_objective makes of real and fake images: value, gradient."""
    player = scene.cast[name]
    player.restore()
    images = real.float(), fake.float()
    value, _, slopes = submission.vjp("discriminator_objective", player.module, *images, of=player.module)
    slope = flat({key: slopes[key] for key in player.start})
    expect(bool(slope.any()), "an objective without gradient cannot be followed")
    return Outcome(value, {name: slope})


def _follow(submission: Submission, name: str) -> Callable[..., Tensor]:
    """A student's loss, differentiable in its first argument on this side."""

    class Remote(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, argument: Tensor, other: Any) -> Tensor:
            value, (slope,) = submission.vjp(name, argument.float(), other, wrt=(0,))
            context.save_for_backward(slope)
            return value.double()

        @staticmethod
        def backward(context: Any, *cotangents: Tensor) -> Any:
            return cotangents[0] * context.saved_tensors[0].double(), None

    def loss(argument: Tensor, other: Any) -> Tensor:
        result: Tensor = Remote.apply(argument, other.float() if isinstance(other, Tensor) else other)
        return result

    return loss
