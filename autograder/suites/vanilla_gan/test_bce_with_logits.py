"""Hidden tests of bce_with_logits."""

import pytest
import torch

from autograder.compare import expect_close, hinting
from autograder.suites.vanilla_gan import reference

NAME = "bce_with_logits"
SCALAR_HINT = (
    "Did you average over the batch? The loss is a tensor, a scalar of shape (), of the logits' type (not a float: "
    ".item() leaves the graph behind)."
)
STABLE_HINT = (
    "Are logits of moderate size right? Then look for a logarithm of something that has been rounded to 0 or 1 "
    "(a small number added inside, or a clamp, only hides it), or for an exponential that overflows."
)
SIZES = ((5.0, 17.0), (17.0, 80.0), (90.0, 1e3), (1e3, 1e4))  # each a range from which logits are drawn


def draw(rng, count):
    """Logits of both signs, none near zero (there abs and clamp have a kink), and targets of both kinds."""
    logits = 2 * torch.randn(count, generator=rng)
    logits = logits + 0.05 * logits.sign()
    targets = (torch.rand(count, generator=rng) < 0.5).float()
    if count > 1:
        targets[0], targets[-1] = 1.0, 0.0
    return logits, targets


def draw_large(rng):
    """(logits, targets) one sample each: every size, sign and target."""
    for low, high in SIZES:
        for sign in (1.0, -1.0):
            for target in (0.0, 1.0):
                size = low + (high - low) * torch.rand(1, generator=rng)
                yield sign * size, torch.tensor([target])


def mistakes(logits, targets):
    want = reference.bce_with_logits(logits, targets)
    s, t = logits.double(), targets.double()
    positive, negative = torch.nn.functional.logsigmoid(s), torch.nn.functional.logsigmoid(-s)
    return {
        "Did you sum over the batch instead of averaging?": want * len(logits),
        "Is a sigmoid applied twice?": reference.bce_with_logits(s.sigmoid(), t),
        "Did you swap the roles of target 1 and target 0?": reference.bce_with_logits(s, 1 - t),
        "Is the sign right? A cross-entropy is never negative.": -want,
        "Is the logarithm missing, or what it is in your expression? It matters most for logits near zero.": (
            s.clamp(min=0) - s * t
        ).mean(),
        "Did you leave out the term for target 0?": -(t * positive).mean(),
        "Did you leave out the term for target 1?": -((1 - t) * negative).mean(),
        "Did you divide by two? Each sample has one of the two terms only.": want / 2,
        "Did you multiply the targets with the probability instead of the logit?": (
            s.clamp(min=0) - s.sigmoid() * t + torch.log1p(torch.exp(-s.abs()))
        ).mean(),
        "Does the exponential see a number above zero? Mind its sign and abs.": (
            s.clamp(min=0) - s * t + torch.log1p(torch.exp(-s))
        ).mean(),
    }


@pytest.mark.points(2)
def test_values(submission, rng):
    """Values are right for logits of moderate size"""
    for _ in range(3):
        logits, targets = draw(rng, 8)
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, logits, targets).tensor(())
        want = reference.bce_with_logits(logits, targets)
        expect_close(got, want, "loss of a batch", mistakes=mistakes(logits, targets))


@pytest.mark.points(1)
def test_batch_sizes(submission, rng):
    """The loss is an average, for any number of samples"""
    for count in (1, 5, 96):
        logits, targets = draw(rng, count)
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, logits, targets).tensor(())
        want = reference.bce_with_logits(logits, targets)
        expect_close(got, want, f"loss of a batch of {count}", mistakes=mistakes(logits, targets))


@pytest.mark.points(1)
def test_targets_between(submission, rng):
    """Targets between 0 and 1 are right, too"""
    for _ in range(2):
        logits, _ = draw(rng, 9)
        targets = torch.rand(9, generator=rng)
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, logits, targets).tensor(())
        want = reference.bce_with_logits(logits, targets)
        expect_close(
            got,
            want,
            "loss with targets between 0 and 1",
            mistakes=mistakes(logits, targets),
            hint="Is the loss right for targets 0 and 1? Then: do you use both terms, or choose one by the target?",
        )


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients with respect to the logits are right"""
    for count in (7, 1, 12):
        logits, targets = draw(rng, count)
        upstream = 1.5 + torch.rand((), generator=rng)  # the slope of whatever is computed from the loss
        with hinting(SCALAR_HINT):
            _, (slope,) = submission.vjp(NAME, logits, targets, cotangent=upstream)
        got, want = slope / upstream, reference.bce_gradient(logits, targets)
        probs = logits.double().sigmoid()
        twice = (probs.sigmoid() - targets) * probs * (1 - probs) / count
        known = {
            "Did you sum over the batch instead of averaging?": want * count,
            "Is the sign right? A cross-entropy is never negative.": -want,
            "Is a sigmoid applied twice?": twice,
            "Did you swap the roles of target 1 and target 0?": reference.bce_gradient(logits, 1 - targets),
            "Did you detach the logits, or leave PyTorch? Nothing flows back.": 0 * want,
            "Did you detach a part of the formula, or leave it out?": ((logits > 0).double() - targets) / count,
            "Does the backward of your own function use the gradient that it is given?": want / upstream,
        }
        expect_close(got, want, "gradient of the logits", mistakes=known, forward=False)


@pytest.mark.points(2)
def test_stable_values(submission, rng):
    """Values are right for logits up to 10,000 in size"""
    for logits, targets in draw_large(rng):
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, logits, targets).tensor(())
        expect_close(got, reference.bce_with_logits(logits, targets), "loss of a large logit", hint=STABLE_HINT)
    batch = torch.cat([logits for logits, _ in draw_large(rng)])
    targets = (torch.rand(len(batch), generator=rng) < 0.5).float()
    got = submission.call(NAME, batch, targets).tensor(())
    expect_close(got, reference.bce_with_logits(batch, targets), "loss of a batch of large logits", hint=STABLE_HINT)


@pytest.mark.points(2)
def test_stable_gradients(submission, rng):
    """Gradients are right for logits up to 10,000 in size"""
    for logits, targets in draw_large(rng):
        with hinting(SCALAR_HINT):
            _, (got,) = submission.vjp(NAME, logits, targets)
        want = reference.bce_gradient(logits, targets)
        expect_close(got, want, "gradient of a large logit", forward=False, hint=STABLE_HINT)
