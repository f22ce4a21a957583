"""Rings to train on, what must come back, and which of a student's own functions a training is made of.

A training uses the student's own losses. Where those are wrong they have cost their points already: a training by their
name is not held against train_ring.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.proxy import RemoteObject, Submission, WrongAnswer
from autograder.suites.gan_losses import logit_losses, reference, score_losses
from autograder.suites.gan_losses.critics import (
    expect_drawn_from_rng,
    expect_left_alone,
    expect_penalty,
    quadratic_critic,
    read_points,
)
from autograder.suites.gan_losses.graded_loss import GradedLoss, draw, draw_penalty

NAME = "train_ring"
NAMES = ("lsgan", "non_saturating", "minimax", "wgan", "wgan_gp", "dragan", "began")
RELIABLE = ("lsgan", "non_saturating")  # of those that find the modes, as the text says, the two that cost least
COUNT = 2000
SHAPE_HINT = "Does it return 2000 samples of the trained generator, (2000, 2), as float32?"
CROSS_ENTROPIES = (logit_losses.MINIMAX_DISCRIMINATOR, logit_losses.NON_SATURATING_DISCRIMINATOR)
LOSSES: dict[str, tuple[GradedLoss, ...]] = {
    "minimax": (CROSS_ENTROPIES[0], logit_losses.MINIMAX_GENERATOR),
    "non_saturating": (*CROSS_ENTROPIES, logit_losses.NON_SATURATING_GENERATOR, logit_losses.MINIMAX_GENERATOR),
    "wgan": (score_losses.WGAN_DISCRIMINATOR, score_losses.WGAN_GENERATOR),
    "wgan_gp": (
        *(score_losses.WGAN_DISCRIMINATOR, score_losses.WGAN_GENERATOR),
        *(score_losses.WGAN_GP_DISCRIMINATOR, score_losses.WGAN_GP_GENERATOR),
    ),
    "lsgan": (score_losses.LSGAN_DISCRIMINATOR, score_losses.LSGAN_GENERATOR),
    "dragan": (
        *CROSS_ENTROPIES,
        *(logit_losses.NON_SATURATING_GENERATOR, logit_losses.DRAGAN_GENERATOR, logit_losses.DRAGAN_DISCRIMINATOR),
    ),
    "began": (),
}


def draw_ring(rng: torch.Generator, larger: float = 1.0) -> tuple[Tensor, float]:
    """Eight centers on a circle: turned, anywhere, of any size (or so many times larger); and its radius."""
    turn, size, way = torch.rand(3, generator=rng).tolist()
    radius = larger * (0.5 + size / 2)
    angles = 2 * math.pi * (torch.arange(8) + turn) / 8
    place = larger * 12.0 * torch.tensor([math.cos(7 * way), math.sin(7 * way)])
    return radius * torch.stack([angles.cos(), angles.sin()], dim=1) + place, radius


def train(
    submission: Submission,
    name: str,
    centers: Tensor | RemoteObject,
    seed: int,
    *,
    used: bool = False,
    **settings: float,
) -> Tensor:
    """Samples of a training, checked: as many as asked for, finite, without graph, on the CPU.

    used: some numbers have been drawn from rng before, so that its state is not that of its seed.
    """
    rng = submission.rng(seed)
    if used:
        same = torch.Generator().manual_seed(seed)
        torch.rand(5, generator=same)
        rng.method("set_state", same.get_state())
    with hinting(SHAPE_HINT):
        answer = submission.call(NAME, name, centers, rng=rng, **settings)
        samples = answer.tensor((COUNT, 2))
    expect(bool(samples.isfinite().all()), f"{name}: some samples are NaN or infinite")
    expect(not answer.requires_grad, f"{name}: the samples carry a graph", "Are they drawn without gradient?")
    expect(answer.device == "cpu", f"{name}: the samples are on the device {answer.device}")
    return samples


def expect_beginner(samples: Tensor, centers: Tensor, radius: float, what: str) -> None:
    """WrongAnswer if samples lie on the ring's points, where no generator is after a few steps."""
    near = torch.cdist(samples.double(), centers.double()) <= radius / 4
    covered, share = int(near.any(0).sum()), float(near.any(1).double().mean())
    expect(
        covered < 7 or share < 0.8,
        f"{what}, {share:.0%} of the samples are already near a center, and {covered} of 8 have some",
        "Are these samples of the generator after so many steps, or samples of the data?",
    )


def train_by_any(
    submission: Submission, rng: torch.Generator, names: tuple[str, ...], ask: Callable[[str], None]
) -> None:
    """Ask for a training by the first of these names whose losses are right; WrongAnswer if that one is not."""
    try:
        ask(names[0])
    except WrongAnswer:
        others = [name for name in names if is_made_of_right_parts(submission, rng, name)]
        if not others or others[0] == names[0]:
            raise
        ask(others[0])


def is_made_of_right_parts(submission: Submission, rng: torch.Generator, name: str) -> bool:
    """Are the student's own functions right that a training by this name is made of?"""
    try:
        for loss in LOSSES[name]:
            penalties = [draw_penalty(rng)] * loss.penalties
            logits = draw(rng, *(7, 5)[: len(loss.arguments) - loss.penalties])
            loss.check_value(submission, *logits, *penalties)
            loss.check_gradients(submission, *logits, *penalties)
            if "logits" in loss.arguments[0]:
                loss.check_large(submission, rng, *penalties)
        if name in PARTS:
            PARTS[name](submission, rng)
    except WrongAnswer:
        return False
    return True


def _check_clipping(submission: Submission, rng: torch.Generator) -> None:
    layer = submission.layer("Linear", 4, 3)
    start = {key: 2 * torch.randn(value.shape, generator=rng) for key, value in layer.parameters().items()}
    layer.load(start)
    submission.call("clip_weights", layer, 0.3)
    clipped = layer.parameters()
    for key, value in start.items():
        expect_close(clipped[key], value.clamp(-0.3, 0.3), key)
        expect(clipped[key].dtype == value.dtype, "another type")
    expect(all(layer.requires_grad_flags().values()), "frozen")


def _check_penalty(submission: Submission, rng: torch.Generator, name: str, count: int) -> None:
    samples = [torch.randn(6, 2, generator=rng) for _ in range(count)]
    critic, scale = quadratic_critic(submission, rng, column=True)
    value, _, slopes = submission.vjp(name, critic, *samples, of=critic, rng=submission.rng(1))
    points = read_points(critic, samples[0])
    expect_penalty(value, scale * points, "penalty")
    norms = points.double().norm(dim=1)
    expect_close(slopes["scale"], (2 * (scale * norms - 1) * norms).mean(), "its gradient", forward=False)
    expect_left_alone(submission, rng, name, samples)
    expect_drawn_from_rng(submission, rng, name, samples)


def _check_began(submission: Submission, rng: torch.Generator) -> None:
    images, reconstructed = torch.randn(2, 6, 2, generator=rng)
    parts: list[tuple[str, reference.Loss, tuple[Tensor, ...], dict[str, Any]]] = [
        ("reconstruction_error", reference.reconstruction_error, (images, reconstructed), {}),
        ("began_discriminator_loss", reference.began_discriminator_loss, draw_errors(rng), {"k": 0.3}),
        ("began_generator_loss", reference.began_generator_loss, draw_errors(rng)[:1], {}),
    ]
    for name, right, args, options in parts:
        value, slopes = submission.vjp(name, *args, wrt=range(len(args)), cotangent=torch.tensor(1.0), **options)
        expect_close(value, right(*args, **options), name)
        for got, want in zip(slopes, reference.slopes(right, *args, **options), strict=True):
            expect_close(got, want, name, forward=False)
    kept = submission.layer("ParameterList", list(draw_errors(rng)))  # errors with a graph, as in a training
    submission.call("update_k", 0.4, kept.part(0), kept.part(1), rate=0.1).number()
    expect(all(gradient is None for gradient in kept.gradients().values()), "backward")
    for k, errors in ((0.4, (0.9, 0.2)), (0.0, (0.1, 0.9)), (1.0, (0.9, 0.1))):
        got = submission.call("update_k", k, *errors, rate=0.1).number()
        expect_close(got, reference.update_k(k, *errors, rate=0.1), "k")


def draw_errors(rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """A real and a fake reconstruction error."""
    return draw_penalty(rng), draw_penalty(rng)


PARTS: dict[str, Callable[[Submission, torch.Generator], None]] = {
    "wgan": _check_clipping,
    "wgan_gp": lambda submission, rng: _check_penalty(submission, rng, "gradient_penalty", 2),
    "dragan": lambda submission, rng: _check_penalty(submission, rng, "dragan_penalty", 1),
    "began": _check_began,
}
