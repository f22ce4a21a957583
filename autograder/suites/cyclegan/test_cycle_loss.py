"""Hidden tests of cycle_loss."""

import pytest
import torch
import torch.nn.functional as F

from autograder.compare import expect_close, hinting
from autograder.suites.cyclegan import reference

NAME = "cycle_loss"
HINT = "Do all values count, each as much as the others?"
SCALAR_HINT = "Did you average over everything? The loss is a scalar of shape ()."
CLOSE_HINT = "Is it the plain absolute difference, also of pictures that hardly differ?"
KEEP_HINT = (
    "Does the loss leave both batches as they are? A change in place takes the pictures from whoever needs them next."
)
SHAPES = ((2, 3, 4, 6), (1, 1, 5, 5), (5, 3, 2, 2))


def draw_pictures(rng, *shape):
    """What came back and what was sent: two batches that nowhere agree (there the loss has a kink)."""
    one, other = (2 * torch.rand(2, *shape, generator=rng) - 1).unbind()
    gap = one - other
    return 3 * (one + 0.02 * torch.where(gap < 0, -1.0, 1.0)) - 2 * other, other


def mistakes(one, other):
    """What mistakes in a mean absolute difference give."""
    gaps = (one - other).double()
    want = gaps.abs().mean()
    return {
        "Did you sum over all values instead of averaging?": gaps.abs().sum(),
        "Did you sum over the values of a picture? Average over all of them.": gaps.abs().sum() / len(gaps),
        "Did you average over the pictures only?": gaps.abs().sum() / gaps[0].numel(),
        "Is it the absolute difference? This is its square.": gaps.square().mean(),
        "Is it the absolute difference? This is the root of a mean square.": gaps.square().mean().sqrt(),
        "Is there an absolute value? Without one, differences cancel.": gaps.mean(),
        "Is the absolute value that of each difference? Otherwise they cancel.": gaps.mean().abs(),
        "Is the absolute value that of each difference? Averaged over a picture first, they cancel.": (
            gaps.flatten(1).mean(1).abs().mean()
        ),
        "Is it plain L1? This one is smooth near zero.": F.smooth_l1_loss(one.double(), other.double()),
        "Does cycle_weight belong here? This is the mean difference alone.": reference.CYCLE_WEIGHT * want,
        "Is there a factor 1/2? It is the mean difference itself.": want / 2,
        "Is there a factor too much? Each direction has its own call.": 2 * want,
        "Is the sign right? This loss is to be minimised.": -want,
    }


def check_value(submission, pair, what, hint=HINT):
    with hinting(SCALAR_HINT):
        got = submission.call(NAME, *pair).tensor(())
    expect_close(got, reference.cycle_loss(*pair), what, mistakes=mistakes(*pair), hint=hint)


@pytest.mark.points(4)
def test_values(submission, rng):
    """It is the mean absolute difference between what came back and what was sent"""
    for shape in SHAPES:
        check_value(submission, draw_pictures(rng, *shape), f"loss of {shape[0]} pictures")
    one, other = draw_pictures(rng, *SHAPES[0])
    check_value(submission, (other + 1e-3 * (one - other), other), "loss of pictures that are nearly equal", CLOSE_HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Its gradient reaches what came back"""
    for shape in SHAPES[:2]:
        pair = draw_pictures(rng, *shape)
        with hinting(KEEP_HINT, errors=True), hinting(SCALAR_HINT):
            _, (slope, _) = submission.vjp(NAME, *pair, wrt=(0, 1))
        want = reference.cycle_slope(*pair)
        known = {
            "Is the reconstruction detached? Then nothing flows back to the generators.": 0 * want,
            "Is the sign right? This loss is to be minimised.": -want,
        }
        expect_close(slope, want, "gradient of the reconstruction", mistakes=known, forward=False)
