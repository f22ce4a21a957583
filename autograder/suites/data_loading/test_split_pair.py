"""Hidden tests of split_pair."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import reference

NAME = "split_pair"
PAIR_HINT = "Does it return the left and the right half, each (c, h, w)?"
SIZE_HINT = "Does it depend on the picture's size? Where the right half begins follows from the width alone."


def draw_pair(rng, channels, height, half):
    return 2 * torch.rand(channels, height, 2 * half, generator=rng) - 1


def ask(submission, pair, shape, hint=PAIR_HINT):
    """The two halves; a tensor (2, c, h, w) unpacks like a pair."""
    with hinting(hint):
        answer = submission.call(NAME, pair)
        try:
            halves = answer.sequence(2)
        except WrongAnswer:
            return list(answer.tensor((2, *shape)))
        return [half.tensor(shape) for half in halves]


def mistakes(pair, wanted, index):
    """Known mistakes whose half has the right shape."""
    half = wanted[0].shape[2]
    known = {
        "Did you swap the halves? Left comes first.": wanted[1 - index],
        "Did you take every other column?": pair[:, :, index::2],
        "Did you mirror a half?": wanted[index].flip(2),
        "Where exactly is the middle? It is one column off.": (pair[:, :, 1:], pair[:, :, half - 1 :])[index][
            :, :, :half
        ],
    }
    channels, height, width = pair.shape
    if height % 2 == 0:
        rows = pair.unflatten(1, (2, height // 2))[:, index]  # (c, h / 2, 2w)
        known["Is it cut along the width (the last dimension)?"] = rows.reshape(channels, height, width // 2)
    return known


def check(submission, pair, what, hint=PAIR_HINT):
    wanted = reference.split_pair(pair)
    got = ask(submission, pair, wanted[0].shape, hint)
    expect(not torch.equal(*got), f"the two halves of {what} are the same", "Are both the same half?")
    for index, side in enumerate(("left", "right")):
        expect_close(got[index], wanted[index], f"the {side} half of {what}", mistakes=mistakes(pair, wanted, index))


@pytest.mark.points(4)
def test_halves(submission, rng):
    """A picture is cut along its width: left half first, every pixel in its place"""
    hint = "Is it cut along the width, the last of the three dimensions?"
    with hinting(hint, errors=True):
        for height, half in ((4, 4), (6, 6), (8, 8)):
            check(submission, draw_pair(rng, 3, height, half), "a pair of square pictures", hint)


@pytest.mark.points(3)
def test_sizes(submission, rng):
    """Halves may be high or wide, of any size, with an odd number of columns as well"""
    with hinting(SIZE_HINT, errors=True):
        for height, half in ((4, 7), (9, 2), (5, 3), (1, 6), (7, 1), (1, 1)):
            check(submission, draw_pair(rng, 3, height, half), "a pair of another shape", SIZE_HINT)


@pytest.mark.points(1)
def test_channels(submission, rng):
    """Any number of channels works"""
    with hinting("Does it depend on the number of channels?", errors=True):
        for channels in (1, 2, 4):
            check(submission, draw_pair(rng, channels, 4, 4), f"a pair with {channels} channels")


@pytest.mark.points(1)
def test_odd_width(submission, rng):
    """An odd width raises a ValueError"""
    for height, width in ((4, 7), (6, 5), (8, 9), (4, 1)):
        check(submission, draw_pair(rng, 3, height, height), "a pair with an even width")
        hint = "Did you look at the width (the last dimension), and raise a ValueError if it is odd?"
        with hinting(hint):
            raised = submission.raises(NAME, draw_pair(rng, 3, height, width)[:, :, :width])
        expect(
            "ValueError" in raised.types,
            f"expected a ValueError for an odd width, got {(raised.types or ('an exception',))[0][:60]}",
            hint,
        )


@pytest.mark.points(1)
def test_input_is_left(submission, rng):
    """The picture given is left as it is"""
    pair = draw_pair(rng, 3, 4, 4)
    kept = submission.layer("Buffer", pair)  # a plain tensor that stays there and can be looked at again
    ask(submission, kept, (3, 4, 4))
    expect(
        torch.equal(kept.method("clone").tensor((3, 4, 8)), pair),
        "the picture given was changed",
        "Is something done in place, or are values assigned to the pair?",
    )
