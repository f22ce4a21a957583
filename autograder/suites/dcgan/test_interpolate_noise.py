"""Hidden tests of interpolate_noise."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.suites.dcgan import reference

NAME = "interpolate_noise"
SHAPE_HINT = "Is the result (steps, noise_dim), both ends included?"
ENDS_HINT = "Does the way include both ends? There are steps - 1 gaps between steps vectors."
NAN_HINT = "What are angle and sine for vectors on one line? Rounding may lead a cosine beyond 1."


def draw_pair(rng, noise_dim, cosine, lengths=(1.0, 1.0)):
    """Two vectors of these lengths with this cosine of the angle between them."""
    start = torch.randn(noise_dim, generator=rng, dtype=torch.float64)
    start /= start.norm()
    across = torch.randn(noise_dim, generator=rng, dtype=torch.float64)
    across -= (across @ start) * start
    across /= across.norm()
    end = cosine * start + (1 - cosine**2) ** 0.5 * across
    return (lengths[0] * start).float(), (lengths[1] * end).float()


def linear(start, end, steps):
    share = torch.linspace(0, 1, steps, dtype=torch.float64)[:, None]
    return (1 - share) * start.double() + share * end.double()


def known(start, end, steps):
    """What usual mistakes give, by the hint that names them."""
    right = reference.interpolate_noise
    start, end = start.double(), end.double()
    unit_start, unit_end = start / start.norm(), end / end.norm()
    angle = torch.acos((start @ end).clamp(-1, 1))
    share = torch.linspace(0, 1, steps, dtype=torch.float64)[:, None]
    lengths = linear(start.norm()[None], end.norm()[None], steps)
    straight, sine = linear(start, end, steps), _angle(start, end).sin()

    def by(angle):
        return (((1 - share) * angle).sin() * start + (share * angle).sin() * end) / angle.sin()

    return {
        "Is that a straight line? The way leads along the sphere.": lambda: straight,
        "Is that a straight line, stretched to the sphere? The angles are not equal then.": lambda: (
            straight / straight.norm(dim=1, keepdim=True) * start.norm()
        ),
        "Is the angle that between unit vectors? Divide by both lengths before acos.": lambda: by(angle),
        "Are the vectors themselves weighted, or their unit vectors?": lambda: right(unit_start, unit_end, steps),
        "Is the length of the result left as it comes?": lambda: right(unit_start, unit_end, steps) * lengths,
        "Are the weights divided by the sine of the whole angle?": lambda: by(_angle(start, end)) * sine,
        "Which end comes first?": lambda: right(end, start, steps),
        "Is the last one the end itself? There are steps - 1 gaps.": lambda: right(start, end, steps + 1)[:-1],
        "Is the first one the start itself? There are steps - 1 gaps.": lambda: right(start, end, steps + 1)[1:],
        "Is the angle in radians, and acos of the cosine?": lambda: by(_cosine(start, end)),
    }


def _cosine(start, end):
    return start @ end / (start.norm() * end.norm())


def _angle(start, end):
    return torch.acos(_cosine(start, end).clamp(-1, 1))


def ask(submission, start, end, steps):
    """The student's vectors; of which floating-point type is theirs to choose."""
    with hinting(SHAPE_HINT):
        got = submission.call(NAME, start, end, steps).tensor((steps, len(start)), None)
    expect(got.is_floating_point(), f"{NAME}: expected floating-point numbers, got {got.dtype}")
    return got


@pytest.mark.points(1)
def test_ends(submission, rng):
    """The way has as many vectors as asked for, and begins and ends where it should"""
    for noise_dim, steps in ((100, 2), (3, 5), (16, 50), (2, 3)):  # 1 / 49 is no 49th when added up
        start, end = draw_pair(rng, noise_dim, -0.9 + 1.8 * float(torch.rand((), generator=rng)), (1.5, 0.7))
        got = ask(submission, start, end, steps)
        for vector, want, other, what in ((got[0], start, end, "first"), (got[-1], end, start, "last")):
            unit = want / want.norm()
            mistakes = {
                "Which end comes first?": other,
                "Are the vectors themselves weighted, or their unit vectors?": unit,
                "Does each end keep its own length?": unit * other.norm(),
                "Are the weights divided by the sine of the whole angle?": want * float(_angle(start, end).sin()),
            }
            expect_close(vector, want, f"the {what} vector", mistakes=mistakes, hint=ENDS_HINT)
    got = submission.call(NAME, steps=3, end=end, start=start).tensor((3, 2), None)
    expect_close(got[-1], end, "the last vector, with arguments by name")
    kept = submission.layer("ParameterList", [start, end]).freeze()
    submission.call(NAME, kept.part(0), kept.part(1), 3)
    left = list(kept.parameters().values())
    intact = len(left) == 2 and torch.equal(left[0], start) and torch.equal(left[1], end)
    expect(intact, "start or end was changed", "Does it write into the vectors it is given?")


@pytest.mark.points(2)
def test_along_the_sphere(submission, rng):
    """Between vectors of the same length, equal angles lie between neighbours, and the length stays"""
    for noise_dim, steps, cosine, length in (
        (2, 5, 0.0, 1.0),
        (12, 7, 0.6, 1.0),
        (100, 10, -0.7, 10.0),
        (8, 4, 0.3, 0.5),
        (16, 5, 0.9, 2.0),  # a small angle is an angle
    ):
        start, end = draw_pair(rng, noise_dim, cosine, (length, length))
        want = reference.interpolate_noise(start, end, steps)
        got = ask(submission, start, end, steps)
        expect_close(got, want, "vectors between two of the same length", mistakes=known(start, end, steps))


@pytest.mark.points(1)
def test_different_lengths(submission, rng):
    """Vectors of different lengths are weighted as they are, by the angle between their directions"""
    for noise_dim, steps in ((100, 8), (20, 5), (5, 11)):
        start, end = draw_pair(rng, noise_dim, 0.8 * float(torch.rand((), generator=rng)) - 0.4, (3.0, 0.8))
        want = reference.interpolate_noise(start, end, steps)
        got = ask(submission, start, end, steps)
        what = "vectors between two of different lengths"
        expect_close(got, want, what, mistakes=known(start, end, steps))


@pytest.mark.points(1)
def test_parallel(submission, rng):
    """Between parallel vectors the way is a straight line"""
    for noise_dim, scale in ((100, 1.0), (100, 3.0), (7, 0.5), (64, 2.0), (33, 1.7), (3, 1.0)):
        start = torch.randn(noise_dim, generator=rng)
        with hinting(NAN_HINT):
            got = ask(submission, start, scale * start, 6)
            expect_close(got, linear(start, scale * start, 6), "vectors between two parallel ones")


@pytest.mark.points(1)
def test_opposite(submission, rng):
    """Between opposite vectors all numbers are finite"""
    for noise_dim, scale in ((100, 1.0), (64, 1.0), (7, 2.0), (33, 0.6), (2, 1.0), (50, 1.3)):
        start = torch.randn(noise_dim, generator=rng)
        got = ask(submission, start, -scale * start, 5)
        expect(bool(got.isfinite().all()), "some numbers between opposite vectors are NaN or infinite", NAN_HINT)
    start, end = draw_pair(rng, 9, 0.2)  # what gives finite numbers only must be right elsewhere
    expect_close(ask(submission, start, end, 3), reference.interpolate_noise(start, end, 3), "vectors between others")
