"""Hidden tests of PairedImages; see folders.py for what counts as right."""

import numpy as np
import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import follow_through
from autograder.suites.data_loading.folders import Folder
from autograder.suites.data_loading.pictures import draw_bytes
from autograder.suites.data_loading.reference import encode

HEIGHT, WIDTH = 4, 6  # of one half
LOSSY = 0.05  # six bytes: decoders of JPEG differ by one or two
CONVERT_HINT = "A file may be grey, or have a palette or an alpha channel. Do you ask for RGB when you read it?"
NORMALISED_HINT = "Does transform get the two normalised halves, as they are without it?"
MIDDLE_HINT = "Is each file cut in its own middle? The pictures of a folder may differ in size."
TRANSFORM_HINT = "Is transform called with both halves at once, and are the two that it gives returned?"


def draw_files(rng, split, count, draw=lambda rng: draw_bytes(rng, HEIGHT, 2 * WIDTH, 3)):
    """Pictures by relative path, in an order in which neither they nor their reverse are sorted."""
    indices = [*range(1, count, 2), *range(0, count, 2)]
    return {f"{split}/pair_{index}.png": draw(rng) for index in indices}


def draw_twins(rng, width=WIDTH):
    """A grey pair with equal halves: swapped halves or channels, asked for elsewhere, make no difference."""
    half = draw_bytes(rng, HEIGHT, width, 1)
    return np.tile(half, (1, 2, 3))


def draw_wide_twins(rng):
    """The same, of several widths."""
    return draw_twins(rng, 2 * int(torch.randint(1, 5, (), generator=rng)))


def count_items(pairs, folder):
    """How many items there are; WrongAnswer unless as many as files, or as the student's own list_images finds."""
    got, lengths = pairs.length(), folder.lengths()
    if got == next(lengths):
        return got
    try:
        if got == next(lengths):
            return got
    except WrongAnswer:
        pass
    raise WrongAnswer(f"length: expected another number, got {got}", "Is it the number of pictures of this split?")


def check_all(submission, files, split="train", **options):
    """Every item of a folder with these files, the last one first."""
    folder = Folder(submission, files, split)
    pairs = folder.build()
    for index in reversed(range(count_items(pairs, folder))):
        folder.check(index, pairs.item(index).sequence(2), "a pair", **options)


def draw_transformed(rng):
    """What a transform returns here: another shape, other values."""
    return torch.rand(3, 2, 3, generator=rng), torch.rand(3, 2, 3, generator=rng)


@pytest.mark.points(2)
def test_length(submission, rng):
    """The length is the number of pictures in root/split, for every split by itself"""
    files = {**draw_files(rng, "train", 5), **draw_files(rng, "val", 2), **draw_files(rng, "test", 3)}
    folders = [Folder(submission, files, split) for split in ("train", "val", "test")]
    built = [folder.build() for folder in folders]  # both, before the first is asked
    for pairs, folder in zip(built, folders, strict=True):
        count_items(pairs, folder)


@pytest.mark.points(4)
def test_items(submission, rng):
    """An item is the left half as the sketch and the right half as the photo, normalised, in RGB order"""
    for height, width in ((HEIGHT, WIDTH), (6, 6), (4, 10)):
        folder = Folder(submission, {"train/a.png": draw_bytes(rng, height, 2 * width, 3)})
        folder.check(0, folder.build().item(0).sequence(2), "the only pair")


@pytest.mark.points(2)
def test_order(submission, rng):
    """Items come in the order of list_images, each from its own file"""
    files = {**draw_files(rng, "train", 8, draw_wide_twins), **draw_files(rng, "val", 3, draw_wide_twins)}
    for split in ("train", "val"):
        check_all(submission, files, split, hint=MIDDLE_HINT)


@pytest.mark.points(1)
def test_tuple(submission, rng):
    """Items are tuples"""
    folder = Folder(submission, draw_files(rng, "train", 2))
    item = folder.build().item(1)
    expect(item.is_tuple, f"expected an item to be a tuple, got {item.described}")
    for half in item.sequence(2):
        follow_through.values(submission, half)


@pytest.mark.points(3)
def test_transform_gets_both_halves(submission, rng):
    """transform is called with both normalised halves, sketch first"""
    folder = Folder(submission, draw_files(rng, "train", 3))
    for index in (2, 0):
        transform = submission.probe("Recorder", draw_transformed(rng), ("sketch", "photo"))
        pairs = folder.build(transform)
        with hinting(TRANSFORM_HINT, errors=True):
            pairs.item(index)
            calls = transform.calls()
            expect(len(calls) > 0, "transform was not called")
            recent = calls[-1]
            expect_equal(len(recent.inputs), 2, "arguments of transform", shown=True)
            first, second = (follow_through.values(submission, given) for given in recent.inputs)
        try:
            folder.check(index, recent.inputs, "what transform was given", hint=NORMALISED_HINT)
        except WrongAnswer as wrong:
            if torch.equal(first, second):
                wrong.hint = TRANSFORM_HINT
            raise


@pytest.mark.points(2)
def test_transform_is_returned(submission, rng):
    """What transform gives is returned, in any split, and asked for anew each time"""
    files = {**draw_files(rng, "train", 3), **draw_files(rng, "val", 3)}
    for split, index in (("train", 0), ("val", 2)):
        folder = Folder(submission, files, split)
        transformed = draw_transformed(rng)
        transform = submission.probe("Recorder", transformed, ("sketch", "photo"))
        pairs = folder.build(transform)
        with hinting(TRANSFORM_HINT, errors=True):
            earlier = len(transform.calls())
            halves = [pairs.item(index).sequence(2) for _ in range(2)][1]
            called = len(transform.calls()) - earlier
        expect(
            called >= 2,
            "an item was asked for twice, and transform was not called each time",
            "A transform may be random: when is it called?",
        )
        expect(
            called <= 2,
            "an item was asked for, and transform was called more than once",
            "A transform may be random: do sketch and photo come from one and the same call?",
        )
        for half, want, other in zip(halves, transformed, reversed(transformed), strict=True):
            with hinting(TRANSFORM_HINT):
                got = half.tensor(want.shape)
            expect_close(
                got,
                want,
                "a half that transform gave",
                mistakes={"Did you swap what transform gave?": other},
                hint="Is it returned as transform gave it, without anything done to it afterwards?",
            )


@pytest.mark.points(1)
def test_jpeg(submission, rng):
    """JPEG files are pairs as well"""
    files = {}
    for name in ("b.jpeg", "a.jpg", "c.png"):
        ends = torch.randint(256, (2,), generator=rng).tolist()
        rows = np.linspace(*ends, 16).round().astype(np.uint8)  # from top to bottom, as JPEG can keep it
        pair = np.tile(rows[:, None, None], (1, 32, 3))
        files[f"train/{name}"] = encode(pair, "PNG" if name.endswith("png") else "JPEG", quality=95)
    check_all(submission, files, tolerance=LOSSY)


@pytest.mark.points(1)
def test_kinds_of_png(submission, rng):
    """Every item has three channels in RGB order, whether the file is grey, has a palette or an alpha channel"""
    for mode in ("RGBA", "P", "L"):
        with hinting(CONVERT_HINT, errors=True):
            check_all(submission, {"train/a.png": encode(draw_twins(rng), "PNG", mode)}, hint=CONVERT_HINT)
