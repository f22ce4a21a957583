"""Hidden tests of dragan_penalty."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.critics import (
    SCALAR_HINT,
    ask_points,
    draw_direction,
    expect_drawn_from_rng,
    expect_left_alone,
    expect_penalty,
    expect_slope,
    expect_uniform,
    quadratic_critic,
    read_points,
)

NAME, EARLIER = "dragan_penalty", "gradient_penalty"
NOISE_HINT = "Is the noise scale * std(real) * U(0, 1), and added to the real samples? It is never negative."
STD_HINT = "Is it the standard deviation of all of real's elements, one number, times uniform ones?"
SCALE_HINT = "Do you use the scale that is given, times std(real) * U(0, 1)?"


def draw_real(rng, *shape):
    """Samples whose elements differ in mean and in spread."""
    wide = 0.3 + 3 * torch.rand(shape[1:], generator=rng)
    return torch.randn(shape, generator=rng) * wide + 4 * torch.rand(shape[1:], generator=rng)


def noise_of(points, real, scale=reference.SCALE):
    """The noise added, in units of scale times standard deviation."""
    return ((points - real).double() / (scale * real.double().std())).flatten(1)


def follows(submission, critic, samples, points, got):
    """Is this the student's own gradient penalty at the same points? What is wrong there has cost its points."""
    try:
        own = submission.call(EARLIER, critic, points, points).tensor(())
        flat = submission.probe("LinearDiscriminator", torch.full((points[0].numel(),), 7.0), torch.tensor(0.0))
        other = submission.call(EARLIER, flat, points, points).tensor(())
    except WrongAnswer:
        return False
    return bool(own.isfinite()) and not torch.equal(own, other) and torch.allclose(own, got, rtol=1e-4, atol=1e-6)


def penalty_of_probabilities(logits, gradients):
    """What comes of taking the gradient of D, (n,), in place of that of the logit."""
    probs = logits.double().sigmoid()
    return reference.penalty(probs * (1 - probs) * gradients.double().flatten(1).norm(dim=1))


def check_penalty(submission, critic, real, logits_and_gradients, what):
    """The penalty at the points where the critic was asked: its logits and their gradients there are known."""
    with hinting(SCALAR_HINT):
        got = submission.call(NAME, critic, real).tensor(())
    points = read_points(critic, real)
    logits, gradients = logits_and_gradients(points)
    known = {"Is it the gradient of the logit, before any sigmoid?": penalty_of_probabilities(logits, gradients)}
    try:
        expect_penalty(got, gradients, what, known=known)
    except WrongAnswer:
        if not follows(submission, critic, real, points, got):
            raise


@pytest.mark.points(2)
def test_linear_critics(submission, rng):
    """A discriminator with the same gradient everywhere gets the squared distance of its norm from 1"""
    for shape, count in (((3,), 5), ((2,), 1), ((1, 8, 8), 4), ((3, 4, 5), 2)):
        for slope in (2.0, 0.0, 1.0, 3.0):
            weight = slope * draw_direction(rng, shape)
            critic = submission.probe("LinearDiscriminator", weight, torch.tensor(0.3))
            real = torch.randn(count, *shape, generator=rng)

            def ask(points, weight=weight, shape=shape):
                return points.flatten(1) @ weight + 0.3, weight.reshape(1, *shape).expand_as(points)

            check_penalty(submission, critic, real, ask, f"penalty of {count} samples of shape {shape}")


@pytest.mark.points(2)
def test_noise(submission, rng):
    """The discriminator is asked at real samples with noise, evenly spread from nothing upwards"""
    real = draw_real(rng, 200, 3)
    noise = noise_of(ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real]), real)
    expect_uniform(noise[:, 0], "amounts of noise", NOISE_HINT)
    expect_uniform(noise.flatten(), "amounts of noise", NOISE_HINT)


@pytest.mark.points(2)
def test_noise_of_each_element(submission, rng):
    """Each element of each sample has noise of its own"""
    for shape in ((9, 4), (5, 2, 3, 2), (1, 12)):
        real = draw_real(rng, *shape)
        noise = noise_of(ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real]), real)
        one_for_a_sample = bool((noise - noise[:, :1]).abs().amax(1).min() < 1e-4)
        expect(
            not one_for_a_sample,
            "all elements of a sample got the same noise",
            "Does the noise have the shape of the samples? It is fresh for every element.",
        )
        expect(
            len(noise) == 1 or bool((noise - noise[:1]).abs().max() > 1e-4),
            "all samples got the same noise",
            "Does the noise have the shape of the whole batch? It is fresh for every sample.",
        )
        noise = noise.reshape(shape)
        for dim in range(1, len(shape)):
            expect(
                bool((noise - noise.narrow(dim, 0, 1)).abs().max() > 1e-4),
                f"elements of a sample of shape {shape[1:]} that differ in dimension {dim} alone got the same noise",
                "Does the noise have the shape of the samples? It is fresh for every row, column and channel.",
            )


@pytest.mark.points(1)
def test_standard_deviation(submission, rng):
    """The noise is measured by the standard deviation of all elements of the real samples"""
    real = draw_real(rng, 150, 4)
    real[:, 0] *= 0.05
    noise = noise_of(
        ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real], scale=1.0),
        real,
        scale=1.0,
    )
    for column in noise.T:
        expect_uniform(column, "amounts of noise", STD_HINT)


@pytest.mark.points(1)
def test_scale(submission, rng):
    """The scale says how far the noise goes; without noise the points are the real samples"""
    real = draw_real(rng, 300, 2)
    for scale in (2.0, 0.1 + 0.2 * float(torch.rand((), generator=rng))):
        noise = noise_of(
            ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real], scale=scale),
            real,
            scale,
        )
        expect_uniform(noise.flatten(), "amounts of noise", SCALE_HINT)
    points = ask_points(submission, quadratic_critic(submission, rng, column=False)[0], NAME, [real], scale=0.0)
    expect_close(points, real, "points without noise")


@pytest.mark.points(1)
def test_critics_with_a_column(submission, rng):
    """Gradients that differ from sample to sample are right, for logits (n,) and (n, 1)"""
    for shape, column in (((6, 3), False), ((5, 2, 2, 2), True), ((1, 4), True)):
        critic, scale = quadratic_critic(submission, rng, column)
        real = draw_real(rng, *shape)

        def ask(points, scale=scale):
            return scale / 2 * points.flatten(1).square().sum(1), scale * points

        check_penalty(submission, critic, real, ask, "penalty of a discriminator that is not linear")


@pytest.mark.points(1)
def test_differentiable_again(submission, rng):
    """The penalty's own gradient reaches the discriminator's parameters and is right"""
    real = draw_real(rng, 5, 3)
    for column in (False, True):
        critic, scale = quadratic_critic(submission, rng, column)
        if column:
            critic.eval()  # whatever mode the discriminator is in
        with hinting(SCALAR_HINT):
            value, _, slopes = submission.vjp(NAME, critic, real, of=critic)
        points = read_points(critic, real)
        norms = points.double().norm(dim=1)
        expect_slope(
            slopes["scale"],
            (2 * (scale * norms - 1) * norms).mean(),
            value,
            reference.penalty(scale * norms),
            "a quadratic discriminator",
            own=lambda critic=critic, points=points: submission.vjp(EARLIER, critic, points, points, of=critic)[2][
                "scale"
            ],
        )


@pytest.mark.points(1)
def test_rng(submission, rng):
    """All draws come from rng, if there is one"""
    expect_drawn_from_rng(submission, rng, NAME, [draw_real(rng, 6, 2)])


@pytest.mark.points(1)
def test_left_alone(submission, rng):
    """Neither the discriminator's gradients nor the real samples are changed"""
    expect_left_alone(submission, rng, NAME, [draw_real(rng, 4, 3)])
