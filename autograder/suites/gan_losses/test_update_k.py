"""Hidden tests of update_k."""

import pytest
import torch

from autograder.compare import expect, expect_close
from autograder.suites.gan_losses import reference

NAME = "update_k"
TYPE_HINT = "Is it a Python float? A tensor would carry its graph into the next step."


def uniform(rng, low, high):
    return low + (high - low) * float(torch.rand((), generator=rng))


def mistakes(k, real_error, fake_error, gamma, rate):
    balance = gamma * real_error - fake_error
    known = {
        "Is the absolute value of the balance taken? It may be negative.": k + rate * abs(balance),
        "Is the sign of the balance right? k rises where fakes are better than the balance asks for.": k
        - rate * balance,
        "Which of the two errors is multiplied by gamma?": k + rate * (real_error - gamma * fake_error),
        "Is gamma used?": k + rate * (real_error - fake_error),
        "Is k rate itself, or does it change by it?": rate * balance,
        "Is the rate used? This is a far longer step.": k + balance,
        "Are real and fake errors swapped?": k + rate * (gamma * fake_error - real_error),
        "Is the balance a difference?": k + rate * (gamma * real_error + fake_error),
        "Is gamma a factor of the real error alone?": k + rate * gamma * (real_error - fake_error),
        "Does k itself shrink?": (1 - rate) * k + rate * balance,
        "Is k multiplied?": k * (1 + rate * balance),
        "Are gamma and rate used as given?": reference.update_k(k, real_error, fake_error),
        "Is gamma used as given?": reference.update_k(k, real_error, fake_error, rate=rate),
        "Is rate used as given?": reference.update_k(k, real_error, fake_error, gamma=gamma),
        "Did k change at all?": k,
    }
    return {hint: value for hint, value in known.items() if 0 < value < 1}  # at a limit, all mistakes are alike


def check(submission, k, real_error, fake_error, what, **settings):
    got = submission.call(NAME, k, real_error, fake_error, **settings).number(tensor_ok=True)
    real_error, fake_error = float(real_error), float(fake_error)
    want = reference.update_k(k, real_error, fake_error, **settings)
    gamma, rate = settings.get("gamma", reference.GAMMA), settings.get("rate", reference.RATE)
    expect_close(got, want, what, mistakes=mistakes(k, real_error, fake_error, gamma, rate))


@pytest.mark.points(2)
def test_step(submission, rng):
    """k rises where fakes are reconstructed better than the balance asks for, and falls elsewhere"""
    for better in (True, False):
        for _ in range(2):
            k, real_error = uniform(rng, 0.4, 0.6), uniform(rng, 0.5, 1.0)
            fake_error = real_error * (uniform(rng, 0.1, 0.3) if better else uniform(rng, 0.8, 1.5))
            check(submission, k, real_error, fake_error, "k after a step", rate=0.2)


@pytest.mark.points(1)
def test_defaults(submission, rng):
    """gamma and rate have the defaults of the text"""
    for _ in range(2):
        k, errors = uniform(rng, 0.1, 0.2), (uniform(rng, 30.0, 60.0), uniform(rng, 70.0, 90.0))
        check(submission, k, *errors, "k after a step with neither gamma nor rate given")


@pytest.mark.points(1)
def test_settings(submission, rng):
    """gamma and rate are used as they are given"""
    for gamma, rate in ((0.9, 0.1), (uniform(rng, 0.2, 0.4), uniform(rng, 0.01, 0.05)), (0.7, 0.001), (0.5, 0.3)):
        errors = uniform(rng, 0.6, 0.9), uniform(rng, 0.1, 0.2)
        k = uniform(rng, 0.3, 0.5)
        check(submission, k, *errors, "k after a step", gamma=gamma, rate=rate)


@pytest.mark.points(1)
def test_not_below_zero(submission, rng):
    """k is never below 0"""
    for k, rate in ((0.0, 0.001), (0.001, 0.1), (0.3, 5.0)):
        errors = uniform(rng, 0.1, 0.3), uniform(rng, 0.9, 1.3)
        got = submission.call(NAME, k, *errors, rate=rate).number(tensor_ok=True)
        hint = "What keeps k from falling below 0?" if got < 0 else "Does k fall as far as it should, to 0?"
        expect_close(got, 0.0, "k that would fall below zero", hint=hint)


@pytest.mark.points(1)
def test_not_above_one(submission, rng):
    """k is never above 1"""
    for k, rate in ((1.0, 0.001), (0.999, 0.1), (0.6, 9.0)):
        errors = uniform(rng, 0.9, 1.3), uniform(rng, 0.1, 0.3)
        got = submission.call(NAME, k, *errors, rate=rate).number(tensor_ok=True)
        hint = "What keeps k from rising above 1?" if got > 1 else "Does k rise as far as it should, to 1?"
        expect_close(got, 1.0, "k that would rise above one", hint=hint)


@pytest.mark.points(1)
def test_tensors(submission, rng):
    """Errors may be tensors, also such as carry a graph"""
    kept = submission.layer("ParameterList", [torch.tensor(0.8), torch.tensor(0.2)])
    for errors in ((torch.tensor(0.9), torch.tensor(0.7)), (0.4, torch.tensor(0.3)), (torch.tensor(0.9), 0.2)):
        check(submission, uniform(rng, 0.3, 0.6), *errors, "k of errors that are tensors", rate=0.2)
    got = submission.call(NAME, 0.5, kept.part(0), kept.part(1), rate=0.1).number(tensor_ok=True)
    expect_close(got, reference.update_k(0.5, 0.8, 0.2, rate=0.1), "k of errors that carry a graph")
    untouched = all(gradient is None for gradient in kept.gradients().values())
    expect(untouched, "the errors were differentiated", "Did you call backward? No gradient goes through k.")
    intact = [float(value.reshape(-1)[0]) for value in kept.parameters().values() if value.numel()]
    expect_close(
        torch.tensor(intact),
        torch.tensor([0.8, 0.2]),
        "the errors afterwards",
        hint="Is anything written into the errors?",
    )


@pytest.mark.points(1)
def test_float(submission, rng):
    """k is a Python float, whatever the errors are"""
    kept = submission.layer("ParameterList", [torch.tensor(0.8), torch.tensor(0.2)])
    tensors = torch.tensor(0.9), torch.tensor(0.2)
    both = ((0.9, 0.2), (0.1, 0.9), tensors, (kept.part(0), kept.part(1)), (tensors[0], 0.2), (0.9, tensors[1]))
    for k in (0.0, 0.5, 1.0):
        for errors in both:
            answer = submission.call(NAME, k, *errors, rate=0.1)
            # min and max with whole numbers as limits give these numbers, as good as floats
            limit = answer.plain() in (0, 1) and not isinstance(answer.plain(), bool)
            right = answer.is_python_float or limit
            expect(right, f"{NAME}: expected a Python float, got {answer.described}", TYPE_HINT)
