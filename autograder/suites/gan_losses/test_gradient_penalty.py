"""Hidden tests of gradient_penalty."""

import pytest
import torch

from autograder.compare import expect, hinting
from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.critics import (
    SCALAR_HINT,
    ask_points,
    draw_direction,
    draw_pair,
    expect_drawn_from_rng,
    expect_left_alone,
    expect_penalty,
    expect_slope,
    expect_uniform,
    quadratic_critic,
    read_points,
)

NAME = "gradient_penalty"
ALPHA_HINT = "Is it alpha * real + (1 - alpha) * fake, with alpha uniform between 0 and 1?"


def check_linear(submission, rng, shape, slope, count, **options):
    """A critic with the same gradient everywhere: where the penalty asks does not matter."""
    real, fake = draw_pair(rng, count, *shape)
    weight = slope * draw_direction(rng, shape)
    critic = submission.probe("LinearDiscriminator", weight, torch.tensor(0.3))
    with hinting(SCALAR_HINT):
        got = submission.call(NAME, critic, real, fake, **options).tensor(())
    gradients = weight.reshape(1, *shape).expand(count, *shape)
    expect_penalty(got, gradients, f"penalty of {count} samples of shape {shape}", options.get("target", 1.0))


@pytest.mark.points(3)
def test_linear_critics(submission, rng):
    """A critic whose gradient is the same everywhere gets the squared distance of its norm from 1"""
    for count in (1, 5, 8):
        for slope in (2.0, 0.0, 1.0, 3.0):
            check_linear(submission, rng, (3,), slope, count)
    check_linear(submission, rng, (2,), 0.5 + float(torch.rand((), generator=rng)), 64)


@pytest.mark.points(2)
def test_images(submission, rng):
    """For images, the norm goes over all dimensions but the batch"""
    for shape in ((1, 28, 28), (3, 4, 5), (5, 3, 1)):
        for slope in (1.0, 20.0):
            check_linear(submission, rng, shape, slope, 4)


@pytest.mark.points(1)
def test_target(submission, rng):
    """The target is the norm that is not penalised"""
    for target in (0.0, 3.0, 1.2 + float(torch.rand((), generator=rng))):
        check_linear(submission, rng, (4,), 2.5, 3, target=target)


@pytest.mark.points(2)
def test_points(submission, rng):
    """The critic is asked between real and fake samples, evenly from one to the other"""
    real, fake = draw_pair(rng, 400, 2)
    points = ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real, fake])
    alpha = ((points - fake) / (real - fake)).double()
    expect_uniform(alpha[:, 0], "points between real and fake", ALPHA_HINT)
    expect_uniform(alpha[:, 1], "points between real and fake", ALPHA_HINT)


@pytest.mark.points(3)
def test_alpha_of_each_sample(submission, rng):
    """Each sample has a point of its own on the straight line between its real and its fake"""
    for shape in ((12, 3), (7, 2, 3, 2)):
        real, fake = draw_pair(rng, *shape)
        points = ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real, fake])
        alpha = ((points - fake) / (real - fake)).double().flatten(1)
        expect(
            bool((alpha - alpha[:, :1]).abs().max() < 1e-3),
            "some points are not on the straight line between a real and its fake",
            "Is it one alpha for a whole sample? It has to be broadcast over all of the sample's elements.",
        )
        expect(
            bool((alpha[:, 0] - alpha[0, 0]).abs().max() > 1e-3),
            "all points divide the line between real and fake in the same ratio",
            "Is there an alpha for each sample? One for the whole batch, or always one half, is too few.",
        )


@pytest.mark.points(1)
def test_critics_with_a_column(submission, rng):
    """Gradients that differ from sample to sample are right, for scores (n,) and (n, 1)"""
    for shape, column in (((6, 3), False), ((5, 2, 2, 2), True), ((1, 4), True)):
        real, fake = draw_pair(rng, *shape)
        critic, scale = quadratic_critic(submission, rng, column)
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, critic, real, fake, target=0.6).tensor(())
        points = read_points(critic, real)
        expect_penalty(got, scale * points, "penalty of a critic that is not linear", 0.6)


@pytest.mark.points(2)
def test_differentiable_again(submission, rng):
    """The penalty's own gradient reaches the critic's parameters and is right"""
    real, fake = draw_pair(rng, 5, 3)
    slope = 1.5 + float(torch.rand((), generator=rng))
    weight = slope * draw_direction(rng, (3,))
    critic = submission.probe("LinearDiscriminator", weight, torch.tensor(0.0))
    with hinting(SCALAR_HINT):
        value, _, slopes = submission.vjp(NAME, critic, real, fake, of=critic, target=0.7)
    right = torch.tensor(slope - 0.7).square()
    expect_slope(slopes["weight"], 2 * (slope - 0.7) * weight / slope, value, right, "a linear critic")
    critic, scale = quadratic_critic(submission, rng, column=True)
    critic.eval()  # whatever mode the critic is in
    with hinting(SCALAR_HINT):
        value, _, slopes = submission.vjp(NAME, critic, real, fake, of=critic, rng=submission.rng(5))
    norms = read_points(critic, real).double().norm(dim=1)
    want, right = (2 * (scale * norms - 1) * norms).mean(), reference.penalty(scale * norms)
    expect_slope(slopes["scale"], want, value, right, "a quadratic critic")


@pytest.mark.points(1)
def test_rng(submission, rng):
    """All draws come from rng, if there is one"""
    expect_drawn_from_rng(submission, rng, NAME, list(draw_pair(rng, 6, 2)))


@pytest.mark.points(1)
def test_left_alone(submission, rng):
    """Neither the critic's gradients nor the samples are changed"""
    expect_left_alone(submission, rng, NAME, list(draw_pair(rng, 4, 3)))
