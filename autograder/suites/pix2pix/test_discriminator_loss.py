"""Hidden tests of discriminator_loss, on maps of logits."""

import pytest
import torch
import torch.nn.functional as F

from autograder.compare import expect_close, hinting
from autograder.suites.pix2pix import reference

NAME = "discriminator_loss"
SCALAR_HINT = "Did you average over all patches of all pairs? The loss is a scalar of shape (), of the logits' type."
SIZE_HINT = "Do the targets have the size of the logits they belong to, and is each batch averaged by itself?"
STABLE_HINT = (
    "Are logits of moderate size right? Then look for a logarithm of something that has been rounded to 0 or 1, or for "
    "an exponential that overflows; the cross-entropy of logits needs neither."
)


def draw_logits(rng, *shape, size=2.0):
    """Logits of both signs, none near zero (where formulas with abs and clamp have a kink)."""
    logits = size * torch.randn(shape, generator=rng) + 0.3
    return logits + 0.05 * logits.sign()


def mistakes(real, fake):
    want = reference.discriminator_loss(real, fake)
    real, fake = real.double(), fake.double()
    real_term, fake_term = F.softplus(-real).mean(), F.softplus(fake).mean()
    n, m = real.numel(), fake.numel()
    return {
        "Did you add the two terms instead of averaging them?": 2 * want,
        "Did you swap the targets? Real is 1, fake is 0.": reference.discriminator_loss(-real, -fake),
        "Did you use the target 1 for the fakes, too?": (real_term + F.softplus(-fake).mean()) / 2,
        "Did you use the target 0 for the real ones, too?": (F.softplus(real).mean() + fake_term) / 2,
        "Did you leave out the fakes?": real_term,
        "Did you leave out the fakes, and still halve?": real_term / 2,
        "Did you leave out the real ones?": fake_term,
        "Did you leave out the real ones, and still halve?": fake_term / 2,
        "Is the sign right? This loss is to be minimised.": -want,
        "Did you halve twice?": want / 2,
        "Does only one of the two terms have its half?": real_term + fake_term / 2,
        "Does only one of the two terms have its half, the real one?": real_term / 2 + fake_term,
        "Did you average all patches together? Average those of each batch first.": (n * real_term + m * fake_term)
        / (n + m),
        "Did you subtract the term of the fakes?": (real_term - fake_term) / 2,
        "Did you sum instead of averaging?": (n * real_term + m * fake_term) / 2,
        "Did you sum, and add the two terms?": n * real_term + m * fake_term,
        "Did you sum over the patches of a pair? Average over all of them.": (
            n * real_term / len(real) + m * fake_term / len(fake)
        )
        / 2,
        "Did you average the logits first? Take the loss of each patch, then average.": reference.discriminator_loss(
            real.mean()[None], fake.mean()[None]
        ),
        "Did you average the patches of each pair first? Take the loss of each patch, then average.": (
            reference.discriminator_loss(real.mean((1, 2, 3)), fake.mean((1, 2, 3)))
        ),
        "Are the targets exactly 1 and 0? The text asks for no label smoothing.": (
            0.9 * real_term + 0.1 * F.softplus(real).mean() + fake_term
        )
        / 2,
        "Is a sigmoid applied twice?": reference.discriminator_loss(real.sigmoid(), fake.sigmoid()),
        "Is it the cross-entropy? This is a squared distance.": ((real - 1).square().mean() + fake.square().mean()) / 2,
    }


def check_value(submission, real, fake, what, hint="", known=mistakes):
    with hinting(hint or SCALAR_HINT, errors=bool(hint)):
        got = submission.call(NAME, real, fake).tensor(())
    expect_close(got, reference.discriminator_loss(real, fake), what, mistakes=known(real, fake), hint=hint)


def check_gradient(submission, real, fake, what, hint=""):
    with hinting(hint or SCALAR_HINT, errors=bool(hint)):
        _, slopes = submission.vjp(NAME, real, fake, wrt=(0, 1))
    wanted = reference.discriminator_slopes(real, fake)
    for name, got, want in zip(("real", "fake"), slopes, wanted, strict=True):
        known = {
            "Did you add the two terms instead of averaging them?": 2 * want,
            "Is the sign right? This loss is to be minimised.": -want,
            f"Did you detach the {name} logits? Only pictures are detached, later.": 0 * want,
        }
        expect_close(got, want, f"{what} {name} logits", mistakes=known, forward=False, hint=hint)


@pytest.mark.points(1)
def test_values(submission, rng):
    """Real patches are judged against 1, fake ones against 0, and the two means are averaged"""
    for shape in ((2, 1, 3, 4), (1, 1, 6, 6), (4, 1, 1, 1)):
        real, fake = draw_logits(rng, *shape), draw_logits(rng, *shape)
        check_value(submission, real, fake, f"loss of {shape[0]} pairs and {shape[2]}×{shape[3]} patches")


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """Real and fake logits may differ in number and in size"""
    for n, m in (((3, 1, 2, 2), (1, 1, 2, 2)), ((1, 1, 5, 4), (6, 1, 2, 3)), ((2, 1, 30, 30), (3, 1, 1, 1))):
        check_value(submission, draw_logits(rng, *n), draw_logits(rng, *m), "loss of unequal batches", SIZE_HINT)


@pytest.mark.points(1)
def test_gradients(submission, rng):
    """Gradients with respect to both maps of logits are right"""
    for shape in ((2, 1, 3, 2), (1, 1, 1, 5)):
        check_gradient(submission, draw_logits(rng, *shape), draw_logits(rng, *shape), "gradient of the")


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """A discriminator that is sure, and right or wrong, gives finite losses and the right gradients"""
    for size in (20.0, 1e2, 1e4):
        for real_sign, fake_sign in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            real, fake = (
                sign * size * (0.5 + 0.5 * torch.rand(1, 1, 2, 2, generator=rng)) for sign in (real_sign, fake_sign)
            )
            check_value(submission, real, fake, "loss of large logits", STABLE_HINT, lambda *_: {})
            check_gradient(submission, real, fake, "gradient of large", STABLE_HINT)
