"""Hidden tests of sample_noise."""

import pytest
import torch

from autograder.compare import expect, expect_equal

NAME = "sample_noise"
SIZES = ((1, 3), (5, 1), (5, 40), (96, 100))
INDEPENDENT_HINT = (
    "Is every number drawn by itself, and left as it is drawn (not copied, mirrored, clipped or normalised)?"
)
OWN_HINT = "Without rng, the numbers come from PyTorch's own generator: torch.manual_seed pins them."


def fresh_seed(rng):
    return int(torch.randint(1, 2**31 - 1, (), generator=rng))


def expect_standard_normal(numbers):
    """Five standard errors of each moment, for 100,000 independent numbers."""
    count = numbers.numel()
    mean, deviation = float(numbers.mean()), float(numbers.std())
    expect(
        abs(mean) < 5 / count**0.5,
        f"over many numbers, the mean is {mean:.3f}",
        "Is the noise centred at zero? torch.rand draws from 0 to 1.",
    )
    expect(
        abs(deviation - 1) < 5 / (2 * count) ** 0.5,
        f"over many numbers, the standard deviation is {deviation:.3f}",
        "Is the standard deviation one? Did you draw from a uniform distribution, or scale the noise?",
    )
    kurtosis = float(((numbers - mean) / deviation).pow(4).mean())
    expect(
        abs(kurtosis - 3) < 5 * (96 / count) ** 0.5,
        "mean and spread are right, but the numbers are not normally distributed",
        "Did you use torch.randn, or a uniform distribution stretched to the right spread?",
    )
    expect(
        bool((numbers.abs() > 3.5).any()),  # some 46 are
        "among many numbers, none is far from zero",
        INDEPENDENT_HINT,
    )


@pytest.mark.points(1)
def test_shape_type_and_device(submission, rng):
    """Noise has the shape (batch_size, noise_dim), type float32, and lies on the device asked for"""
    for batch_size, noise_dim in SIZES:
        noise = submission.call(NAME, batch_size, noise_dim).tensor((batch_size, noise_dim))
        expect(bool(noise.isfinite().all()) and bool(noise.any()), "the noise has no values but zeros or infinities")
        submission.call(NAME, batch_size, noise_dim, device=torch.device("cpu")).tensor((batch_size, noise_dim))
        seeded = submission.rng(fresh_seed(rng))
        submission.call(NAME, batch_size, noise_dim, rng=seeded, device=None).tensor((batch_size, noise_dim))
    # the meta device stands for "another device than the CPU": every machine has it
    for seeded in (None, submission.rng(fresh_seed(rng))):
        moved = submission.call(NAME, 2, 3, rng=seeded, device=torch.device("meta"))
        expect_equal(moved.device, "meta", "the device of the noise", hint="Did you use the argument device?")
    seed = fresh_seed(rng)
    used, unused = submission.rng(seed), submission.rng(seed)
    submission.call(NAME, 2, 3, rng=used, device=torch.device("meta"))
    following, first = (submission.call(NAME, 2, 3, rng=each).tensor((2, 3)) for each in (used, unused))
    expect(
        not torch.equal(following, first),
        "noise for another device than that of rng was not drawn from rng",
        "On which device does rng draw? Draw there, then move the noise.",
    )


@pytest.mark.points(1)
def test_standard_normal(submission, rng):
    """Noise is standard normal, every entry independent of the others"""
    for seeded in (None, submission.rng(fresh_seed(rng))):
        noise = submission.call(NAME, 250, 400, rng=seeded).tensor((250, 400)).double()
        for one, other, what in ((noise[0], noise[1], "sample"), (noise[:, 0], noise[:, 1], "entry")):
            expect(
                not torch.equal(one, other),
                f"one {what} has the same numbers as the next",
                f"Did you draw for every {what} by itself?",
            )
        expect_standard_normal(noise)
        for other, what in ((noise[1:] * noise[:-1], "samples"), (noise[:, 1:] * noise[:, :-1], "entries")):
            expect(abs(float(other.mean())) < 0.02, f"neighbouring {what} depend on each other")
        for rows, what in ((noise, "samples"), (noise.T, "entries")):
            likeness = torch.corrcoef(rows).fill_diagonal_(0).abs().max()
            expect(bool(likeness < 0.45), f"some {what} depend on others", INDEPENDENT_HINT)  # over six standard errors
    few = torch.stack([submission.call(NAME, 4, 5).tensor((4, 5)).double() for _ in range(8)])  # (8, 4, 5)
    for spread in (few.mean((1, 2)).std(), few.std((1, 2)).std(), few.norm(dim=2).std()):  # 0.2, 0.2 and 0.7 expected
        expect(bool(spread > 0.02), "small batches all have the same mean, spread or length", INDEPENDENT_HINT)


@pytest.mark.points(1)
def test_draws_from_rng(submission, rng):
    """With rng, every number comes from it and from nothing else"""
    first_seed, second_seed = fresh_seed(rng), fresh_seed(rng)
    draws = []
    for elsewhere, seed in ((1, first_seed), (2, first_seed), (1, second_seed)):
        submission.seed(elsewhere)
        seeded = submission.rng(seed)
        draws.append([submission.call(NAME, 4, 6, rng=seeded).tensor((4, 6)) for _ in range(2)])
    (first, following), (again, following_again), (other, _) = draws
    expect(
        torch.equal(first, again) and torch.equal(following, following_again),
        "the same state of rng gave different noise",
        "Do you draw from rng if it is given, or from PyTorch's own generator?",
    )
    expect(
        not torch.equal(first, following),
        "two calls with the same rng gave the same noise",
        "Did you seed a generator inside the function? A draw should move rng on.",
    )
    expect(
        not torch.equal(first, other),
        "differently seeded generators gave the same noise",
        "Do you draw from rng if it is given, or from PyTorch's own generator?",
    )


@pytest.mark.points(1)
def test_fresh_without_rng(submission, rng):
    """Without rng, every call gives new noise"""
    draws = []
    for _ in range(3):
        submission.call(NAME, 3, 5, rng=submission.rng(7)).tensor((3, 5))  # must not pin what comes after it
        draws.append(submission.call(NAME, 3, 5).tensor((3, 5)))
    same = any(torch.equal(one, other) for one, other in zip(draws[1:], draws, strict=False))
    expect(not same, "two calls gave the same noise", "Did you seed a generator inside the function?")
    seed = fresh_seed(rng)
    pinned = []
    for between in (False, False, True):
        submission.seed(seed)
        if between:
            submission.layer("Linear", 3, 2)  # takes its parameters from PyTorch's own generator
        pinned.append(submission.call(NAME, 3, 5).tensor((3, 5)))
    expect(
        torch.equal(pinned[0], pinned[1]) and not torch.equal(pinned[0], pinned[2]),
        "without rng, the noise does not come from PyTorch's own generator",
        OWN_HINT,
    )
