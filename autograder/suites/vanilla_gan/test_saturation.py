"""Hidden tests of saturation."""

import pytest
import torch

from autograder.compare import expect_close, hinting, is_close
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.vanilla_gan import follow_through, reference

NAME = "saturation"
MINIMAX, NON_SATURATING = 0, 1
LOSSES = ("minimax", "non-saturating")
OVERFLOW_HINT = "Are logits of moderate size right? Then look for an exponential that overflows: one sigmoid is enough."
PAIR_HINT = "Does it return two tensors of the logits' shape, minimax first?"


def ask(submission, logits):
    """The two gradients that the student's function gives."""
    with hinting(PAIR_HINT):
        answer = submission.call(NAME, logits)
        try:
            pair = answer.sequence(2)
        except WrongAnswer:
            return list(answer.tensor((2, len(logits))))  # unpacks like a pair
        return [part.tensor((len(logits),)) for part in pair]


def follow(submission, which, logits):
    """From the student's own losses, each logit alone; both ways to come to a loss are tried."""
    losses = (follow_through.minimax_losses, follow_through.generator_losses)[which](submission)
    return [
        lambda loss=loss: torch.cat([follow_through.gradient(loss, logit) for logit in logits.split(1)])
        for loss in losses
    ]


def mistakes(which, logits):
    want = reference.saturation(logits)[which]
    probs = logits.double().sigmoid()
    in_probs = (-1 / (1 - probs), -1 / probs)
    known = {
        "Is the sign right? Both losses fall as the logit rises.": -want,
        "Is this the gradient with respect to D instead of the logit?": in_probs[which],
        "Did you take the absolute value of the logit?": reference.saturation(logits.abs())[which],
        "Did you take minus the absolute value of the logit?": reference.saturation(-logits.abs())[which],
        "Are both gradients added up in .grad? Clear it in between.": sum(reference.saturation(logits)),
        "Is this the derivative of the sigmoid itself?": probs * (1 - probs),
        "Is the sigmoid's derivative in it twice?": want * probs * (1 - probs),
        "Is this the loss itself instead of its gradient?": (-(-probs).log1p(), -probs.log())[which],
        "Is this the loss itself instead of its gradient? And its sign?": ((-probs).log1p(), probs.log())[which],
    }
    if len(logits) > 1:
        known["Did you average over the batch? Each sample counts by itself."] = want / len(logits)
        known["Did you mix up the samples?"] = want.flip(0)
    return known


def check(submission, which, logits, what):
    pair, want = ask(submission, logits), reference.saturation(logits)
    known = mistakes(which, logits)
    if is_close(pair[1 - which], want[which], forward=False):
        known = {"Did you swap the two? Minimax comes first.": want[1 - which], **known}
    expect_close(
        pair[which],
        want[which],
        f"{LOSSES[which]} gradient {what}",
        mistakes=known,
        forward=False,
        own=follow(submission, which, logits),
    )


def draw_logits(rng, count):
    """Logits of both signs, none near zero (where formulas with abs and clamp have a kink)."""
    logits = 2 * torch.randn(count, generator=rng)
    return logits + 0.05 * logits.sign()


@pytest.mark.points(2)
def test_minimax_gradient(submission, rng):
    """The gradient of the minimax loss with respect to a single logit is right"""
    for _ in range(6):
        check(submission, MINIMAX, draw_logits(rng, 1), "of a single logit")


@pytest.mark.points(2)
def test_non_saturating_gradient(submission, rng):
    """The gradient of the non-saturating loss with respect to a single logit is right"""
    for _ in range(6):
        check(submission, NON_SATURATING, draw_logits(rng, 1), "of a single logit")


@pytest.mark.points(2)
def test_each_sample_by_itself(submission, rng):
    """In a batch, each sample has the gradient it would have alone"""
    for count in (5, 2, 96):
        logits = draw_logits(rng, count)
        for which in (MINIMAX, NON_SATURATING):
            check(submission, which, logits, f"in a batch of {count}")


@pytest.mark.points(1)
def test_vanishing_gradient(submission, rng):
    """Where the discriminator is sure of a fake, the minimax gradient is tiny, not zero, and the other is not"""
    logits = -5 - 15 * torch.rand(4, generator=rng)
    logits[-1] = -20.0
    for logit in logits.split(1):
        minimax, non_saturating = ask(submission, logit)
        want_minimax, want_non_saturating = reference.saturation(logit)
        expect_close(
            minimax / want_minimax,
            torch.ones(1),
            "minimax gradient where D is sure, by its own size",
            forward=False,
            own=[lambda own=own, want=want_minimax: own() / want for own in follow(submission, MINIMAX, logit)],
            hint="Are logits of moderate size right? Then look for a difference of two numbers near one.",
        )
        expect_close(
            non_saturating,
            want_non_saturating,
            "non-saturating gradient where D is sure",
            forward=False,
            own=follow(submission, NON_SATURATING, logit),
        )


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """Gradients are finite and right for logits up to 10,000 in size"""

    def check_size(size):
        for sign in (1.0, -1.0):
            logits = sign * size * (0.5 + 0.5 * torch.rand(3, generator=rng))
            gradients = ask(submission, logits)
            for which, got in enumerate(gradients):
                expect_close(
                    got,
                    reference.saturation(logits)[which],
                    f"{LOSSES[which]} gradient of large logits",
                    forward=False,
                    hint=OVERFLOW_HINT,
                    own=follow(submission, which, logits),
                )

    follow_through.up_to_own_limit(submission, check_size)
