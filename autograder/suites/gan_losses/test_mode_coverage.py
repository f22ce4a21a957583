"""Hidden tests of mode_coverage."""

import math

import pytest
import torch

from autograder.compare import expect_close, hinting
from autograder.suites.gan_losses import reference

NAME = "mode_coverage"
PAIR_HINT = "Does it return two numbers, how many centers are covered and which share of the samples is near one?"
COUNT_HINT = "Does each center with a sample near count once, however many centers and samples there are?"
SHARE_HINT = "Is it the share of samples that are within radius of any center?"
OVERLAP_HINT = "Can a sample be near more than one center?"
DISTANCE_HINT = "Is the distance Euclidean, and compared with the radius as it is?"


def draw_centers(rng, count, dim=2, apart=5.0):
    """Centers that are far apart: on a grid, moved a little."""
    side = math.ceil(count ** (1 / dim))
    grid = torch.cartesian_prod(*[torch.arange(side, dtype=torch.float32)] * dim).reshape(-1, dim)
    chosen = torch.randperm(len(grid), generator=rng)[:count]
    return apart * grid[chosen] + torch.rand(count, dim, generator=rng) - 3.0


def draw_around(rng, center, count, low, high):
    """Points at distances between low and high from a center, in all directions."""
    way = torch.randn(count, len(center), generator=rng)
    distance = low + (high - low) * torch.rand(count, 1, generator=rng)
    return center + way / way.norm(dim=1, keepdim=True) * distance


def ask(submission, samples, centers, radius):
    with hinting(PAIR_HINT):
        covered, share = submission.call(NAME, samples, centers, radius).sequence(2)
        return covered.number(tensor_ok=True), share.number(tensor_ok=True)


def mistakes(samples, centers, radius, distances=True):
    """What mistakes give for the number and for the share, by the hint that names them; those in distances, too?"""
    gaps = torch.cdist(samples.double(), centers.double())
    near = gaps <= radius
    covered, share = int(near.any(0).sum()), float(near.any(1).double().mean())
    counts = {
        "Did you count samples instead of centers?": int(near.any(1).sum()),
        "Did you count pairs? Each center counts once.": int(near.sum()),
        "Is it the number of covered centers, not their share?": covered / len(centers),
        "Which comes first, the number or the share?": share,
        "Did you count the centers without a sample?": len(centers) - covered,
        "Does each center need all samples, or any?": int(near.all(0).sum()),
    }
    shares = {
        "Is it the share of the samples, not of the centers?": covered / len(centers),
        "Is it a share, not a number?": int(near.any(1).sum()),
        "Is it the share of samples, or of pairs of sample and center?": float(near.double().mean()),
        "Is it the share within radius, not outside?": 1 - share,
        "Does a sample near two centers count twice?": float(near.sum()) / len(samples),
        "Must a sample be near all centers, or any?": float(near.all(1).double().mean()),
        "Which comes first, the number or the share?": covered,
        "Are percent asked for?": 100 * share,
    }
    near_by_mistake = {
        "Is the radius taken for a diameter?": gaps <= radius / 2,
        "Is the distance Euclidean? A sum over coordinates is longer.": (
            torch.cdist(samples.double(), centers.double(), p=1) <= radius
        ),
        "Is a squared distance compared with the radius?": gaps.square() <= radius,
    }
    for text, other in near_by_mistake.items() if distances else ():
        counts[text], shares[text] = int(other.any(0).sum()), float(other.any(1).double().mean())
    return counts, shares


def check(submission, samples, centers, radius, hint="", parts=(True, True)):
    covered, share = ask(submission, samples, centers, radius)
    want = reference.mode_coverage(samples, centers, radius)
    counts, shares = mistakes(samples, centers, radius, distances=not hint)
    if parts[0]:
        expect_close(
            covered, want[0], "number of centers covered", mistakes={} if hint else counts, hint=hint or COUNT_HINT
        )
    if parts[1]:
        expect_close(share, want[1], "share of samples near a center", mistakes=shares, hint=hint or SHARE_HINT)


def draw_scene(rng, centers, radius, hits, lost):
    """As many samples near each center as `hits` says, and `lost` ones near none, in random order."""
    near = [draw_around(rng, center, count, 0.0, 0.8 * radius) for center, count in zip(centers, hits, strict=False)]
    far = draw_around(rng, centers[0], lost, 1.5 * radius, 3 * radius)
    samples = torch.cat([*near, far])
    return samples[torch.randperm(len(samples), generator=rng)]


@pytest.mark.points(3)
def test_count(submission, rng):
    """Every center with at least one sample near counts, once"""
    scenes = ((8, (5, 1, 0, 2, 0, 1)), (8, (1,) * 8), (5, (0, 0, 7)), (1, (3,)), (11, (2, 1, 0, 4, 1) * 2 + (3,)))
    for count, hits in (*scenes, (5, (1, 2100))):  # one sample is enough, of however many
        centers = draw_centers(rng, count)
        samples = draw_scene(rng, centers, 0.7, hits, lost=4)
        check(submission, samples, centers, 0.7, parts=(True, False))


@pytest.mark.points(3)
def test_share(submission, rng):
    """The share is that of samples near any center"""
    for count, hits, lost in ((8, (5, 1, 0, 2, 0, 1), 7), (8, (1,) * 8, 0), (5, (0, 0, 7), 1), (3, (1, 0, 0), 12)):
        centers = draw_centers(rng, count)
        samples = draw_scene(rng, centers, 0.7, hits, lost)
        samples = torch.cat([samples, samples[:1]])  # a generator may repeat itself: that is a sample, too
        check(submission, samples, centers, 0.7, parts=(False, True))


@pytest.mark.points(2)
def test_distance(submission, rng):
    """The distance is the Euclidean one, and the radius is the limit"""
    for radius in (0.15, 0.6, 2.5):
        centers = draw_centers(rng, 6)
        for low, high in ((0.93, 0.98), (1.02, 1.07)):
            samples = torch.cat([draw_around(rng, center, 5, low * radius, high * radius) for center in centers[:4]])
            check(submission, samples, centers, radius, DISTANCE_HINT)
    for radius in (0.5, 2.0):  # from the origin, a distance along an axis is exact however it is computed
        samples = torch.tensor([[radius, 0.0], [0.0, -radius], [9.0, 9.0]])
        check(submission, samples, torch.zeros(1, 2), radius, "Does a distance of exactly radius count?")


@pytest.mark.points(1)
def test_nothing_near(submission, rng):
    """Where no sample is near any center, both numbers are zero; a single sample is enough"""
    centers = draw_centers(rng, 8)
    samples = draw_around(rng, centers[0], 9, 1.0, 2.0)
    check(submission, samples, centers, 0.3)
    check(submission, samples[:1], centers, 0.3)
    check(submission, draw_around(rng, centers[3], 1, 0.0, 0.2), centers, 0.3)


@pytest.mark.points(1)
def test_overlap(submission, rng):
    """A sample within radius of two centers covers both and counts once, in any number of dimensions"""
    for dim in (2, 3, 1):
        centers = draw_centers(rng, 4, dim)
        beside = centers[1].clone()
        beside[0] += 0.5
        centers = torch.cat([centers, beside[None]])
        middle = draw_around(rng, centers[1], 3, 0.05, 0.09)  # nearer to the one, within radius of both
        samples = torch.cat(
            [middle, draw_around(rng, centers[2], 2, 0.0, 0.3), draw_around(rng, centers[0], 4, 1.5, 2.0)]
        )
        check(submission, samples, centers, 0.6, OVERLAP_HINT if dim == 2 else "Are all coordinates used, or two?")
