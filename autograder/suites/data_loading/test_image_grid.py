"""Hidden tests of image_grid: every picture is searched for in the grid, with any frame around it."""

from itertools import pairwise

import pytest
import torch

from autograder.compare import expect, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import follow_through, reference
from autograder.suites.data_loading.windows import find_places

NAME = "image_grid"
CLOSE = 0.0025  # half a byte: a picture may be turned into bytes on its way
LARGEST = 400  # times the pictures' own area: no frame is that wide
GRID_HINT = "Is the grid one picture of floating-point numbers, (H, W, 3), with the channels last?"


WHOLE_HINT = "Is every picture in the grid once, whole, upright, with its colours?"


def draw_images(rng, count, channels=3, height=4, width=5):
    return 2 * torch.rand(count, channels, height, width, generator=rng) - 1


def ask(submission, images, columns):
    """The grid, (H, W, 3) in float64."""
    with hinting(GRID_HINT):
        grid = submission.call(NAME, images, columns).floats((None, None, 3))
    low, high = (float(grid.min()), float(grid.max())) if grid.numel() else (0.0, 1.0)
    expect(
        low >= -1e-6 and high <= 1 + 1e-6,
        f"the grid has values from {low:.2g} to {high:.2g}",
        "Are the pictures moved from [-1, 1] to [0, 1], and clamped? imshow wants floats in that range.",
    )
    area = images.shape[0] * images.shape[2] * images.shape[3]
    expect(grid.shape[0] * grid.shape[1] <= LARGEST * area + 10_000, "the grid is far larger than its pictures")
    return grid


def place(grid, tiles):
    """Where each picture lies in the grid; None for one that does not, or lies in several places."""
    found = [find_places(grid.permute(2, 0, 1), tile.permute(2, 0, 1), CLOSE) for tile in tiles]
    return [places[0] if len(places) == 1 else None for places in found]


def mistakes(images):
    """hint -> pictures (n, h, w, 3) as this mistake shows them."""
    shown = reference.brightness(images)
    low, high = images.min(), images.max()
    spread = reference.brightness((images - low) / (high - low).clamp(min=1e-6) * 2 - 1)
    return {
        "Are the pictures moved from [-1, 1] to [0, 1], or cut off at 0?": (2 * shown - 1).clamp(min=0),
        "Is the range given to make_grid? Otherwise it stretches what is there to [0, 1].": spread,
        "Are the colours in their order?": shown.flip(3),
        "Is 1 white and -1 black?": 1 - shown,
        "Were the channels moved to the end, or height and width exchanged with them?": shown.flip(1),
        "Are the pictures mirrored?": shown.flip(2),
        "Are height and width exchanged?": shown.transpose(1, 2),
        "Are colours kept?": shown.mean(3, keepdim=True).expand(shown.shape),
    }


def expect_places(submission, grid, images, what):
    """The place of every picture; WrongAnswer if one is missing."""
    places = place(grid, reference.brightness(images))
    if None not in places:
        return places
    try:
        own = place(grid, follow_through.tiles(submission, images))
    except WrongAnswer:
        own = [None]
    if None not in own and len(own) == len(images):
        return own
    hint = next((hint for hint, tiles in mistakes(images).items() if None not in place(grid, tiles)), "")
    missing = sum(each is None for each in places)
    raise WrongAnswer(
        f"{missing} of {what} are not to be found in the grid",
        hint,
    )


def expect_rows(places, columns, height, width):
    """WrongAnswer unless the places are those of rows of so many columns, filled from left to right."""
    count = len(places)
    rows = [places[start : start + columns] for start in range(0, count, columns)]
    across = -(-count // columns)
    hint = "Does a row have `columns` pictures? The next picture stands to the right, then rows follow downwards."
    if is_lattice([places[start::across] for start in range(across)], height, width) and across > 1:
        hint = "Are rows filled first, or columns?"
    elif is_lattice([places[start : start + across] for start in range(0, count, across)], height, width):
        hint = "Is `columns` the number of pictures in a row, or of rows? (make_grid calls it nrow.)"
    elif len({top for top, _ in places}) == 1:
        hint = "Are all pictures in a single row? Does make_grid get `columns` as nrow?"
    expect(
        is_lattice(rows, height, width),
        "the pictures are not laid out in rows of the number of columns asked for",
        hint,
    )


def is_lattice(rows, height, width):
    """Do these rows of places stand below each other, the pictures of a row beside each other, in columns?"""
    for row in rows:
        if len({top for top, _ in row}) != 1 or any(b[1] < a[1] + width for a, b in pairwise(row)):
            return False
        if [left for _, left in row] != [left for _, left in rows[0]][: len(row)]:
            return False
    return all(below[0][0] >= above[0][0] + height for above, below in pairwise(rows))


def check(submission, images, columns, hint=WHOLE_HINT):
    grid = ask(submission, images, columns)
    what = f"{len(images)} {'grey ' if images.shape[1] == 1 else ''}pictures"
    with hinting(hint):
        places = expect_places(submission, grid, images, what)
    expect_rows(places, columns, *images.shape[2:])


@pytest.mark.points(3)
def test_rows_and_columns(submission, rng):
    """Pictures stand in rows of `columns`, from left to right, then downwards"""
    for count, columns in ((6, 3), (6, 2), (8, 4)):
        check(submission, draw_images(rng, count), columns)


@pytest.mark.points(1)
def test_range(submission, rng):
    """The grid holds floating-point numbers in [0, 1]: -1 is black, 1 is white, whatever else is in it"""
    for low, high in ((-0.2, 0.6), (-1.0, 1.0), (0.1, 0.9)):
        images = low + (high - low) * torch.rand(4, 3, 4, 5, generator=rng)
        check(submission, images, 2)
    check(submission, 1.6 * draw_images(rng, 6), 3)  # what is out of range is clamped
    extremes = draw_images(rng, 2).sign()
    check(submission, torch.cat([extremes, draw_images(rng, 2)]), 2)


@pytest.mark.points(2)
def test_incomplete_rows(submission, rng):
    """The last row may be incomplete, and a single row, column or picture is a grid"""
    hint = "Is every picture in the grid once? Does it work if the last row is not full?"
    with hinting(hint, errors=True):
        for count, columns in ((5, 3), (7, 2), (2, 4), (3, 1), (4, 4), (1, 1), (1, 3)):
            check(submission, draw_images(rng, count), columns, hint)


@pytest.mark.points(1)
def test_grey(submission, rng):
    """Grey pictures get three equal channels"""
    with hinting("A grey picture has one channel, the grid has three.", errors=True):
        for height, width in ((4, 5), (5, 5), (6, 3)):
            check(submission, draw_images(rng, 6, 1, height, width), 3)


@pytest.mark.points(1)
def test_input_is_left(submission, rng):
    """The pictures given are left as they are"""
    images = draw_images(rng, 4)
    kept = submission.layer("Buffer", images)  # a plain tensor that stays there and can be looked at again
    with hinting(GRID_HINT):
        grid = submission.call(NAME, kept, 2).floats((None, None, 3))
    with hinting(WHOLE_HINT):
        expect_places(submission, grid, images, "4 pictures")
    expect(
        torch.equal(kept.method("clone").tensor(images.shape), images),
        "the pictures given were changed",
        "Is something done in place (a name that ends in _, or +=)? Others still need those pictures.",
    )
