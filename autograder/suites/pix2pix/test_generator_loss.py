"""Hidden tests of generator_loss and l1_only_loss."""

import pytest
import torch
import torch.nn.functional as F

from autograder.compare import expect_close, hinting
from autograder.suites.pix2pix import reference
from autograder.suites.pix2pix.test_discriminator_loss import STABLE_HINT, draw_logits

NAME, L1_NAME = "generator_loss", "l1_only_loss"
SCALAR_HINT = "Did you average over everything? The loss is a scalar of shape (), of the pictures' type."
WEIGHT_HINT = "Do you use l1_weight as it is given, whole or not, and is it the mean difference that it multiplies?"


def draw_pictures(rng, *shape):
    """Two batches of pictures that nowhere agree (there L1 has a kink)."""
    fake, photo = (2 * torch.rand(2, *shape, generator=rng) - 1).unbind()
    gap = fake - photo
    return fake + 0.02 * torch.where(gap < 0, -1.0, 1.0), photo


def l1_mistakes(fake, photo):
    want = reference.l1_loss(fake, photo)
    gap = (fake - photo).double()
    return {
        "Did you sum over all values instead of averaging? The weight of 100 counts on a mean.": want * fake.numel(),
        "Did you sum over the values of a picture? Average over all of them.": want * (fake.numel() / len(fake)),
        "Is it the absolute difference? This is its square.": gap.square().mean(),
        "Is it the absolute difference? This is the root of a mean square.": gap.square().mean().sqrt(),
        "Is there an absolute value? Without one, differences cancel.": gap.mean(),
        "Is the absolute value that of each difference? Otherwise they cancel.": -gap.mean(),
        "Is it plain L1? This one is smooth near zero.": F.smooth_l1_loss(fake.double(), photo.double()),
        "Does l1_only_loss have a weight? It is the mean difference alone.": reference.L1_WEIGHT * want,
        "Is the sign right? This loss is to be minimised.": -want,
    }


def mistakes(logits, fake, photo, l1_weight):
    """What a mistake in one of the two terms gives: in how the first is made, in how the second is, in the weight."""
    l1 = reference.l1_loss(fake, photo)
    s = logits.double()
    fooling = F.softplus(-s).mean()
    terms = {
        "Did you train the fakes towards the target 0? The generator wants them taken for real.": F.softplus(s).mean(),
        "Is this the minimax loss? The cross-entropy against 1 takes the logarithm of D.": -F.softplus(s).mean(),
        "Is the sign of the first term right?": -fooling,
        "Did you sum over the patches instead of averaging?": fooling * s.numel(),
        "Did you sum over the patches of a picture? Average over all of them.": fooling * s[0].numel(),
        "Is there a factor 1/2? It belongs to the discriminator's loss only.": fooling / 2,
        "Is a sigmoid applied twice?": F.softplus(-s.sigmoid()).mean(),
        "Did you leave out the discriminator's part?": 0 * fooling,
        "Did you average the logits first? Take the loss of each patch, then average.": F.softplus(-s.mean()),
    }
    known = {hint: term + l1_weight * l1 for hint, term in terms.items()}
    known |= {
        "Did you leave out the L1 part?": fooling,
        "Is l1_weight used? This is the loss with a weight of 100.": fooling + reference.L1_WEIGHT * l1,
        "Is l1_weight used? This is the loss with a weight of 1.": fooling + l1,
        "Is the default of l1_weight 100, as in the paper? This is the loss with a weight of 10.": fooling + 10 * l1,
        "Which part is weighted? The weight belongs to L1.": l1_weight * fooling + l1,
        "Which part is weighted? The weight belongs to L1 alone.": l1_weight * (fooling + l1),
        "Is this an average of both parts? They are added.": (fooling + l1_weight * l1) / 2,
        "Are the parts added?": fooling - l1_weight * l1,
    }
    of_l1 = {
        hint: fooling + l1_weight * value
        for hint, value in l1_mistakes(fake, photo).items()
        if "l1_only_loss" not in hint
    }
    return known | of_l1


def check_value(submission, logits, fake, photo, what, hint="", **options):
    with hinting(hint or SCALAR_HINT, errors=bool(hint)):
        got = submission.call(NAME, logits, fake, photo, **options).tensor(())
    l1_weight = options.get("l1_weight", reference.L1_WEIGHT)
    want = reference.generator_loss(logits, fake, photo, l1_weight)
    expect_close(got, want, what, mistakes=mistakes(logits, fake, photo, l1_weight), hint=hint)


def check_gradients(submission, logits, fake, photo, l1_weight, what, hint=""):
    with hinting(hint or SCALAR_HINT, errors=bool(hint)):
        _, slopes = submission.vjp(NAME, logits, fake, photo, l1_weight=l1_weight, wrt=(0, 1))
    wanted = reference.generator_slopes(logits, fake, photo, l1_weight)
    for name, got, want in zip(("fake logits", "fake pictures"), slopes, wanted, strict=True):
        known = {
            f"Did you detach the {name}? Then nothing flows back to the generator.": 0 * want,
            "Is the sign right? This loss is to be minimised.": -want,
        }
        expect_close(got, want, f"{what} {name}", mistakes=known, forward=False, hint=hint)


@pytest.mark.points(2)
def test_values(submission, rng):
    """It is the mean cross-entropy against 1, plus 100 times the mean absolute difference"""
    for shape, size in (((2, 1, 3, 4), (2, 3, 8, 8)), ((1, 1, 5, 5), (1, 1, 6, 4)), ((4, 1, 1, 1), (4, 3, 2, 2))):
        logits = 4 * draw_logits(rng, *shape)
        check_value(submission, logits, *draw_pictures(rng, *size), f"loss of {shape[0]} fakes")


@pytest.mark.points(1)
def test_weight(submission, rng):
    """l1_weight says how much the difference counts"""
    for l1_weight in (0, 1.0, 2.25 + 0.5 * float(torch.rand((), generator=rng)), 7):
        logits, (fake, photo) = draw_logits(rng, 3, 1, 2, 2), draw_pictures(rng, 3, 3, 4, 6)
        check_value(submission, logits, fake, photo, "loss with a weight", WEIGHT_HINT, l1_weight=l1_weight)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients with respect to logits and fake pictures are right"""
    for shape, size in (((2, 1, 3, 2), (2, 3, 4, 4)), ((1, 1, 2, 2), (1, 3, 6, 2))):
        pictures = draw_pictures(rng, *size)
        check_gradients(submission, draw_logits(rng, *shape), *pictures, 3.5, "gradient of the")


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """Values and gradients are right for logits up to 10,000 in size"""
    for size in (20.0, 1e2, 1e4):
        for sign in (1, -1):
            logits = sign * size * (0.5 + 0.5 * torch.rand(2, 1, 2, 2, generator=rng))
            fake, photo = draw_pictures(rng, 2, 3, 4, 4)
            check_value(submission, logits, fake, photo, "loss of large logits", STABLE_HINT, l1_weight=3.0)
            check_gradients(submission, logits, fake, photo, 3.0, "gradient of large", STABLE_HINT)


@pytest.mark.points(2)
def test_l1_only(submission, rng):
    """l1_only_loss is the mean absolute difference, and its gradient reaches the fake"""
    for shape in ((2, 3, 4, 6), (1, 1, 5, 5), (5, 3, 2, 2)):
        fake, photo = draw_pictures(rng, *shape)
        fake = 3 * fake
        with hinting(SCALAR_HINT):
            got, (slope,) = submission.vjp(L1_NAME, fake, photo, wrt=(0,))
        want = reference.l1_loss(fake, photo)
        expect_close(got, want, "L1 of fakes and photos", mistakes=l1_mistakes(fake, photo))
        wanted = (fake - photo).double().sign() / fake.numel()
        known = {"Did you detach the fake? Then nothing flows back to the generator.": 0 * wanted}
        expect_close(slope, wanted, "gradient of L1", mistakes=known, forward=False)
