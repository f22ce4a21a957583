"""Hidden tests of adversarial_loss."""

import pytest
import torch
import torch.nn.functional as F

from autograder.compare import expect_close, hinting
from autograder.suites.cyclegan import reference

NAME = "adversarial_loss"
SHAPE_HINT = "The scores may have any shape: do you name dimensions that need not be there?"
HINT = "Do all scores count, each as much as the others?"
TARGET_HINT = "Which target belongs to which? Real is 1, fake is 0."
USE_HINT = "Is is_real used, both ways? Scores that are to be real are judged right."  # they are asked for first
SCALAR_HINT = "Did you average over all scores? The loss is a scalar of shape ()."
SHAPES = ((2, 1, 3, 4), (1, 1, 5, 5), (6,), (3, 1), (1, 1, 30, 30))  # the last one of the paper's pictures


def mistakes(scores, is_real):
    target = 1.0 if is_real else 0.0
    s = scores.double()
    gaps = s - target
    want = gaps.square().mean()
    first = s.flatten(1) if s.dim() > 1 else s[:, None]
    return {
        TARGET_HINT if is_real else USE_HINT: reference.adversarial_loss(scores, not is_real),
        "Did you sum over the scores instead of averaging?": want * gaps.numel(),
        "Did you sum over the scores of a picture? Average over all of them.": want * first[0].numel(),
        "Is there a factor 1/2? This loss has none.": want / 2,
        "Is there a factor too much?": 2 * want,
        "Is it the square of the distance? This is its size.": gaps.abs().mean(),
        "Is there a root? It is the mean of squares itself.": want.sqrt(),
        "Did you average the scores first? Take the square of each distance, then average.": gaps.mean().square(),
        "Did you average the scores of each picture first? Take the square of each distance, then average.": (
            (first.mean(1) - target).square().mean()
        ),
        "Is it cross-entropy? CycleGAN takes least squares.": F.softplus(-s if is_real else s).mean(),
        "Is there a sigmoid? Scores are compared as they are.": (s.sigmoid() - target).square().mean(),
        "Is the target 1 for real ones, not less?": (s - 0.9 * target).square().mean(),
        "Is the target 0 for fakes, not -1?": (s - (2 * target - 1)).square().mean(),
        "Is the sign right? The loss is to be minimised.": -want,
        "Is it the plain mean square, also of large distances?": F.smooth_l1_loss(s, torch.full_like(s, target)),
    }


def draw_scores(rng, shape):
    """Scores that are neither 0 nor 1, nor symmetric."""
    return 1.5 * torch.randn(shape, generator=rng) + 0.3


def check_value(submission, scores, is_real, what):
    with hinting(SHAPE_HINT, errors=True), hinting(SCALAR_HINT):
        got = submission.call(NAME, scores, is_real).tensor(())
    want = reference.adversarial_loss(scores, is_real)
    expect_close(got, want, what, mistakes=mistakes(scores, is_real), hint=HINT)


@pytest.mark.points(2)
def test_values(submission, rng):
    """It is the mean squared distance to 1 for what is to be real, to 0 for what is to be fake"""
    for is_real in (True, False):
        for scale in (1.0, 50.0):
            scores = scale * draw_scores(rng, (2, 1, 3, 4))
            check_value(submission, scores, is_real, f"loss of scores that are to be {'real' if is_real else 'fake'}")
        share = torch.rand(2, 1, 3, 4, generator=rng)
        check_value(submission, share, is_real, "loss of scores between 0 and 1")


@pytest.mark.points(2)
def test_any_shape(submission, rng):
    """The scores may have any shape"""
    for shape in SHAPES:
        for is_real in (True, False):
            check_value(submission, draw_scores(rng, shape), is_real, f"loss of scores of shape {shape}")


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Its gradient in the scores is right"""
    for shape in SHAPES[:3]:
        for is_real in (True, False):
            scores = draw_scores(rng, shape)
            with hinting(SCALAR_HINT):
                _, (slope,) = submission.vjp(NAME, scores, is_real, wrt=(0,))
            want = reference.adversarial_slope(scores, is_real)
            known = {
                "Are the scores detached? Then nothing flows back.": 0 * want,
                "Did you sum over the scores instead of averaging?": want * scores.numel(),
                "Is there a factor 1/2? This loss has none.": want / 2,
                "Is there a factor too much?": 2 * want,
                TARGET_HINT if is_real else USE_HINT: reference.adversarial_slope(scores, not is_real),
            }
            expect_close(slope, want, "gradient of the scores", mistakes=known, forward=False)
