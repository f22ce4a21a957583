"""Hidden tests of random_jitter.

A picture that has the enlarged size already is changed by no resizing: the result must be a window of it, to the bit
nearly, whatever interpolation the student chose. How far a picture is enlarged is read from the slope of a ramp; what
is asked besides has sizes at which it makes no difference whether the enlarged size is rounded or cut off.
"""

import pytest
import torch

from autograder.compare import expect, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading.reference import enlarged_size
from autograder.suites.data_loading.windows import find_window

NAME = "random_jitter"
LARGE = 156  # where a ratio that is slightly larger than 286 / 256, such as 1.12, gives another enlarged size
EXACT = 0.01  # a resize that changes nothing, be it by way of bytes
PAIR_HINT = "Does it return sketch and photo, each (c, size, size)?"
WINDOW_HINT = (
    "Are both resized to round(size * 286 / 256) first? Then size rows and size columns beside each other are cut out, "
    "and perhaps mirrored from left to right."
)
OWN_NUMBER_HINT = "Is the mirror drawn by itself, with a random number of its own?"
RNG_HINT = "Do all random numbers come from rng, the crop's as well as the mirror's?"


def fresh_seed(rng):
    return int(torch.randint(1, 2**31 - 1, (), generator=rng))


def draw_picture(rng, side, channels=3):
    return 2 * torch.rand(channels, side, side, generator=rng) - 1


def ask(submission, sketch, photo, size, seeded):
    """Both results, (c, size, size)."""
    shape = (sketch.shape[0], size, size)
    with hinting(PAIR_HINT):
        return [half.tensor(shape) for half in submission.call(NAME, sketch, photo, size=size, rng=seeded).sequence(2)]


def draw_windows(submission, rng, size, count):
    """The windows that `count` calls in a row show."""
    seeded = submission.rng(fresh_seed(rng))
    windows = []
    for _ in range(count):
        picture = draw_picture(rng, enlarged_size(size))
        crop, _ = ask(submission, picture, picture, size, seeded)
        turned = (crop, crop.flip(1))  # upside down is a mistake of its own, looked at with the mirror
        window = next(filter(None, (find_window(picture, each, EXACT) for each in turned)), None)
        if window is None:
            hint = WINDOW_HINT
            if find_window(picture, crop.mT, EXACT):
                hint = "Are height and width exchanged?"
            elif find_window(picture, crop.flip(0), EXACT):
                hint = "Are the channels in their order?"
            raise WrongAnswer("the result is no part of the resized picture", hint)
        windows.append(window)
    return windows


def draw_ramp(height, width):
    """Brighter to the right in the first channel, to the bottom in the second: (3, height, width)."""
    across, down = ((2 * torch.arange(side) + 1) / side - 1 for side in (width, height))
    return torch.stack([across.expand(height, width), down.expand(width, height).T, torch.zeros(height, width)])


@pytest.mark.points(2)
def test_shape_and_values(submission, rng):
    """The results have the size asked for, and a picture of one colour keeps it"""
    seeded = submission.rng(fresh_seed(rng))
    for height, width, size, channels in (
        (20, 20, 16, 3),
        (16, 16, 16, 3),
        (9, 9, 24, 3),
        (8, 8, 8, 3),
        (64, 64, 32, 3),
        (20, 12, 16, 3),
        (16, 16, 16, 1),
    ):
        colours = 2 * torch.rand(2, channels, generator=rng) - 1
        pictures = [colour[:, None, None].expand(channels, height, width).contiguous() for colour in colours]
        for name, got, colour in zip(
            ("sketch", "photo"), ask(submission, *pictures, size, seeded), colours, strict=True
        ):
            off = (got - colour[:, None, None]).abs().max()
            expect(
                bool(off < 1e-3),
                f"a {name} of one colour has other colours afterwards",
                "Is the crop inside of the enlarged picture? Are values scaled, or the two pictures swapped?",
            )


@pytest.mark.points(2)
def test_enlarged(submission, rng):
    """Both pictures are resized to size * 286 / 256, rounded, bilinearly, before the crop"""
    seeded = submission.rng(fresh_seed(rng))
    for size, height, width in ((16, 36, 36), (16, 16, 16), (24, 30, 30), (64, 72, 72), (16, 24, 36), (16, 36, 18)):
        sketch = draw_ramp(height, width)
        for name, got in zip(("sketch", "photo"), ask(submission, sketch, -sketch, size, seeded), strict=True):
            inside = slice(3, size - 3)  # at its edges a picture may be resized in several ways
            for channel, dim, side, other in ((0, 1, width, height), (1, 0, height, width)):
                slope = float(got[channel, inside, inside].diff(dim=dim).mean().abs())
                expect_slope(slope, side, other, size, name)
    checks = draw_picture(rng, 16).sign()
    for name, got in zip(("sketch", "photo"), ask(submission, checks, -checks, 16, seeded), strict=True):
        expect_bilinear(got, name)
    draw_windows(submission, rng, LARGE, 1)


def expect_bilinear(got, name):
    """WrongAnswer unless an enlarged picture of black and white has greys, and nothing beyond black and white."""
    expect(
        bool((got.abs() < 0.9).any()),
        f"the {name} was not resized bilinearly",
        "Which interpolation is it? F.interpolate takes the nearest pixel if it is not told.",
    )
    expect(
        bool(((2 * got - (2 * got).round()).abs() > 4 * EXACT).any()),  # area mixes whole pixels: halves only
        f"the {name} was not resized bilinearly",
        "Which interpolation is it? Bilinear weighs two neighbours by their distance, area does not.",
    )
    expect(
        bool((got.abs() <= 1 + EXACT).all()),
        f"the {name} was not resized bilinearly",
        "Which interpolation is it? Bilinear never gives values beyond those of the picture.",
    )


def expect_slope(slope, side, other, size, name):
    """WrongAnswer unless a ramp over the whole picture rises as it does in one of the enlarged size."""

    enlarged = enlarged_size(size)

    def fits(length):
        low, high = sorted((2 / length, (2 - 2 / side) / max(length - 1, 1)))  # corners of pixels, or centres, aligned
        margin = 0.2 / enlarged**2  # a fifth of what one pixel more or less would change
        return low - margin <= slope <= high + margin

    if fits(enlarged):
        return
    hint = "To which size are both pictures resized before the crop? It depends on size alone."
    if fits(int(size * 286 / 256)) or fits(enlarged - 1):
        hint = "Is size * 286 / 256 rounded, or cut off?"
    elif fits(size):
        hint = "Are the pictures resized to size at once? Then there is nothing left to cut off."
    elif fits(side):
        hint = "Are the pictures resized at all before the crop?"
    elif fits(286):
        hint = "286 is right for pictures of 256 pixels. What is it for others?"
    elif side != other and (fits(enlarged * side / other) or fits(enlarged * other / side)):
        hint = "Do both height and width become the enlarged size, also where the picture is no square?"
    elif fits(round(side * 286 / 256)):
        hint = "Does the enlarged size depend on size, or on the size of the picture that came?"
    raise WrongAnswer(f"the {name} was not resized to the right size before the crop", hint)


@pytest.mark.points(3)
def test_same_for_both(submission, rng):
    """Sketch and photo get the same crop and the same mirror"""
    seeded = submission.rng(fresh_seed(rng))
    size = 18
    for _ in range(24):
        sketch = draw_picture(rng, enlarged_size(size))
        got_sketch, got_photo = ask(submission, sketch, darken(sketch), size, seeded)
        if close(got_photo, darken(got_sketch)):
            continue
        hint = "Is the place of the crop drawn once, and used for both?"
        if close(got_sketch, darken(got_photo)):
            hint = "Are the two swapped?"
        elif close(got_sketch, got_photo):
            hint = "Is one of the two returned twice?"
        elif close(got_photo.flip(2), darken(got_sketch)):
            hint = "Is the mirror drawn once, and used for both?"
        raise WrongAnswer("sketch and photo do not lie on each other afterwards", hint)


def darken(picture):
    """A photo to go with a sketch: whatever is done to both alike, this stays true of them."""
    return 0.5 * picture - 0.3


def close(one, other):
    return bool(((one - other).abs() < 2 * EXACT).all())


@pytest.mark.points(2)
def test_all_positions(submission, rng):
    """Every position of the crop occurs, rows and columns drawn independently"""
    size = 18
    last = enlarged_size(size) - size
    windows = draw_windows(submission, rng, size, 70)
    for name, places in (("row", [w.top for w in windows]), ("column", [w.left for w in windows])):
        expect(len(set(places)) > 1, f"the crop always begins in the same {name}", "Is the place of the crop drawn?")
        expect(
            last in places,
            f"the crop never begins in the last possible {name}",
            "How many places are there for the crop? torch.randint never gives its upper end.",
        )
        expect(
            set(places) == set(range(last + 1)),
            f"there are {name}s where the crop never begins",
            "Can the crop begin at every place, the first and the last included?",
        )
    expect(
        any(window.top != window.left for window in windows),
        "row and column of the crop are always the same number",
        "Are row and column drawn independently?",
    )


@pytest.mark.points(2)
def test_mirror(submission, rng):
    """Half of the pairs are mirrored from left to right, wherever the crop is"""
    size = 10
    seeded = submission.rng(fresh_seed(rng))
    ramp = draw_ramp(enlarged_size(size), enlarged_size(size))

    def draw(count):
        """(row, column, mirrored) of `count` calls; places in tenths of pixels or so, as the ramps show them."""
        for _ in range(count):
            across, down, _ = ask(submission, ramp, ramp, size, seeded)[0]
            expect(
                float(down.diff(dim=0).mean()) > 0,
                "a picture stands upside down afterwards",
                "Is it mirrored from left to right, or upside down?",
            )
            yield round(float(down.mean()) * 40), round(float(across.mean()) * 40), float(across.diff(dim=1).mean()) < 0

    drawn = list(draw(150))
    mirrored = sum(each[2] for each in drawn)
    expect(mirrored > 0, "no pair was mirrored", "Is the mirror drawn, and used?")
    expect(mirrored < len(drawn), "every pair was mirrored", "Is the mirror drawn for each pair?")
    if abs(mirrored - 75) > 15:  # one right answer in 70 comes here
        drawn += draw(350)
        mirrored = sum(each[2] for each in drawn)
        expect(
            abs(mirrored - 250) < 56,  # five standard deviations
            f"{mirrored} of {len(drawn)} pairs were mirrored",
            "Is the probability of the mirror one half?",
        )
    for position, name in enumerate(("row", "column")):
        both = {(each[position], each[2]) for each in drawn}
        expect(
            len(both) == 2 * len({place for place, _ in both}),
            f"whether a pair is mirrored goes with the {name} of the crop",
            OWN_NUMBER_HINT,
        )
    both = {((row, column), turned) for row, column, turned in drawn}
    whole = len(both) == 2 * len({place for place, _ in both})
    expect(whole, "whether a pair is mirrored goes with the place of the crop", OWN_NUMBER_HINT)


@pytest.mark.points(1)
def test_draws_from_rng(submission, rng):
    """All randomness comes from rng, and moves it on"""
    size, seed = 18, fresh_seed(rng)
    picture = draw_picture(rng, enlarged_size(size))
    runs = []
    for elsewhere, own in ((1, seed), (2, seed), (1, fresh_seed(rng))):
        submission.seed(elsewhere)
        seeded = submission.rng(own)
        runs.append(torch.stack([ask(submission, picture, picture, size, seeded)[0] for _ in range(16)]))
    first, again, other = runs
    expect(close(first, again), "the same state of rng gave different jitter", RNG_HINT)
    expect(
        not close(first, first[:1]),
        "16 calls with the same rng gave the same jitter",
        "Did you seed a generator inside the function? A draw should move rng on.",
    )
    expect(not close(first, other), "differently seeded generators gave the same jitter", RNG_HINT)
