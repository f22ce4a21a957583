"""Hidden tests of discriminator_loss."""

import pytest
import torch
import torch.nn.functional as F

from autograder.compare import expect_close, hinting
from autograder.suites.vanilla_gan import follow_through, reference

NAME = "discriminator_loss"
SCALAR_HINT = (
    "Did you average over the batch? The loss is a tensor, a scalar of shape (), of the logits' type (not a float: "
    ".item() leaves the graph behind)."
)
SIZE_HINT = "Do the targets of the fakes have the size of the fake batch, and is each batch averaged by itself?"


def draw(rng, count):
    """Logits of both signs, none near zero (where formulas with abs and clamp have a kink)."""
    logits = 2 * torch.randn(count, generator=rng) + 0.3
    return logits + 0.05 * logits.sign()


def mistakes(real, fake):
    want = reference.discriminator_loss(real, fake)
    real, fake = real.double(), fake.double()
    real_term, fake_term = F.softplus(-real).mean(), F.softplus(fake).mean()
    n, m = len(real), len(fake)
    return {
        "Did you add the two terms instead of averaging them?": 2 * want,
        "Did you swap the labels of real and fake?": reference.discriminator_loss(fake, real),
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
        "Did you average both batches together? Average each by itself first.": (n * real_term + m * fake_term)
        / (n + m),
        "Did you subtract the term of the fakes?": (real_term - fake_term) / 2,
        "Did you sum over the batch instead of averaging?": (n * real_term + m * fake_term) / 2,
        "Did you sum over the batch, and the two terms?": n * real_term + m * fake_term,
        "Are the targets exactly 1 and 0? The text asks for no label smoothing.": (
            0.9 * real_term + 0.1 * F.softplus(real).mean() + fake_term
        )
        / 2,
        "Is a sigmoid applied twice?": reference.discriminator_loss(real.sigmoid(), fake.sigmoid()),
    }


def check_value(submission, real, fake, what, hint="", known=mistakes):
    with hinting(hint, errors=True), hinting(SCALAR_HINT):
        got = follow_through.ask_loss(submission, NAME, real, fake)
    own = follow_through.average_over(follow_through.cross_entropy(submission))
    expect_close(
        got,
        reference.discriminator_loss(real, fake),
        what,
        mistakes=known(real, fake),
        own=lambda: own(real, fake),
        hint=hint,
    )


def check_gradient(submission, real, fake, hint=""):
    with hinting(hint, errors=True), hinting(SCALAR_HINT):
        slopes = follow_through.ask_gradients(submission, NAME, real, fake)
    got = torch.cat(slopes)
    own = follow_through.average_over(follow_through.cross_entropy(submission))
    want = follow_through.gradient(reference.discriminator_loss, real, fake)
    known = {
        "Did you add the two terms instead of averaging them?": 2 * want,
        "Is the sign right? This loss is to be minimised.": -want,
        "Did you detach the logits? No gradient reaches the discriminator.": 0 * want,
        "Did you detach the real logits?": torch.cat([0 * want[: len(real)], want[len(real) :]]),
        "Did you detach the fake logits? Only the pictures are detached, later.": torch.cat(
            [want[: len(real)], 0 * want[len(real) :]]
        ),
        "Did you swap the targets? Real is 1, fake is 0.": lambda: follow_through.gradient(
            lambda r, f: reference.discriminator_loss(-r, -f), real, fake
        ),
    }
    expect_close(
        got,
        want,
        "gradients of real and fake logits",
        mistakes=known,
        forward=False,
        own=lambda: follow_through.gradient(own, real, fake),
        hint=hint,
    )


@pytest.mark.points(2)
def test_values(submission, rng):
    """Real logits are judged against 1, fake logits against 0, and the two are averaged"""
    for _ in range(3):
        check_value(submission, draw(rng, 8), draw(rng, 8), "loss of eight real and eight fake logits")


@pytest.mark.points(2)
def test_batches_of_different_size(submission, rng):
    """Real and fake batch may differ in size"""
    for n, m in ((7, 3), (2, 96), (96, 5), (5, 1)):
        check_value(submission, draw(rng, n), draw(rng, m), f"loss of {n} real and {m} fake logits", SIZE_HINT)


@pytest.mark.points(1)
def test_batch_of_one(submission, rng):
    """Batches of a single sample work"""
    for _ in range(3):
        check_value(submission, draw(rng, 1), draw(rng, 1), "loss of one real and one fake logit")


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients with respect to both batches of logits are right"""
    for count in (5, 1, 9):
        check_gradient(submission, draw(rng, count), draw(rng, count))


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """A discriminator that is sure, and right or wrong, gives finite losses and the right gradients"""

    own = follow_through.average_over(follow_through.cross_entropy(submission))
    hint = "Are logits of moderate size right? Then make it of something that bears large ones, as bce_with_logits can."

    def check(size):
        for real_sign in (1.0, -1.0):
            for fake_sign in (1.0, -1.0):
                real = real_sign * size * (0.5 + 0.5 * torch.rand(2, generator=rng))
                fake = fake_sign * size * (0.5 + 0.5 * torch.rand(2, generator=rng))
                check_value(submission, real, fake, "loss of large logits", hint, lambda *_: {})
                slopes = follow_through.ask_gradients(submission, NAME, real, fake)
                wanted = [
                    reference.bce_gradient(real, torch.ones(2)) / 2,
                    reference.bce_gradient(fake, torch.zeros(2)) / 2,
                ]
                expect_close(
                    torch.cat(slopes),
                    torch.cat(wanted),
                    "gradients of large logits",
                    forward=False,
                    own=lambda real=real, fake=fake: follow_through.gradient(own, real, fake),
                    hint=hint,
                )

    follow_through.up_to_own_limit(submission, check)
