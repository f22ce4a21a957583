"""Hidden tests of folder_dataset."""

import numpy as np
import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import follow_through, reference
from autograder.suites.data_loading.pictures import draw_bytes, draw_colour, write

NAME = "folder_dataset"
ITEM_HINT = "Is an item a photo, float32 (3, image_size, image_size), and the number of its class?"
CLOSE = 0.03  # four bytes: kinds of resizing differ, by way of bytes or not


def ask(submission, photos, index, size, hint=ITEM_HINT):
    """The photo and the label of an item; of which type a label is, is asked for once."""
    with hinting(hint):
        photo, label = photos.item(index).sequence(2)
        return photo.tensor((3, size, size)), label


def bytes_of(submission, photo):
    """A photo as bytes again, by the right table, and by the student's own normalize_image if that differs."""
    yield (photo.double() + 1) * 127.5
    try:
        table = follow_through.levels(submission)
    except WrongAnswer:
        return
    if not torch.allclose(table, reference.TABLE, atol=1e-4):
        yield torch.from_numpy(np.interp(photo.numpy(), table.numpy(), np.arange(256.0), left=-99, right=355))


def check_colour(submission, photo, colour, what):
    """WrongAnswer unless a photo has this one colour."""
    want = torch.from_numpy(colour.astype(float))[:, None, None]
    for got in bytes_of(submission, photo):
        if bool(((got - want).abs() <= CLOSE * 127.5).all()):
            return
    value = reference.normalize_image(colour[None, None])
    inside = photo[:, photo.shape[1] // 2, photo.shape[2] // 2].double()[:, None, None]
    known = {
        "Are values in [-1, 1]? ToTensor alone gives [0, 1].": (value + 1) / 2,
        "Are values in [-1, 1]? These are bytes.": (value + 1) * 127.5,
        "Are values normalised twice?": value * 2 - 1,
        "Is the deviation of Normalize 0.5, as is its mean?": value / 2,
        "Is the range from -1 to 1? These are the constants of ImageNet.": imagenet(value),
        "Are the colours in the order red, green, blue?": value.flip(0),
        "Are the photos in colour?": (value * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0),
        "Is the photo larger than what is cut out? Something black was added around it.": value,
    }
    hint = next((hint for hint, other in known.items() if bool(((inside - other).abs() < CLOSE).all())), "")
    raise WrongAnswer(f"{what} of one colour has other values", hint)


def imagenet(value):
    mean, deviation = (torch.tensor(x)[:, None, None] for x in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    return ((value + 1) / 2 - mean) / deviation


def draw_ramp(height, width):
    """Brighter to the right in red, brighter to the bottom in green: (height, width, 3)."""
    across, down = (np.linspace(8, 247, length) for length in (width, height))
    red, green = np.meshgrid(across, down)
    return np.stack([red, green, np.full_like(red, 90)], axis=2).round().astype(np.uint8)


@pytest.mark.points(2)
def test_labels(submission, rng):
    """Every photo of every sub-folder is there, with the number of its class in alphabetical order"""
    for classes in (("dog", "cat"), ("sandal", "boot", "sneaker")):
        colours = {}
        for label, name in enumerate(sorted(classes)):
            for index in range(label + 1):
                colours[f"{name}/{index}.png"] = draw_colour(rng, 8, 8)
        order = sorted(colours)
        root = write(submission, {name: colours[name] for name in reversed(order)})
        photos = submission.build(NAME, root, 8)
        expect_equal(photos.length(), len(order), "length", hint="Is it the number of photos of all classes?")
        for index, name in enumerate(order):
            photo, label = ask(submission, photos, index, 8)
            with hinting(ITEM_HINT):
                number = label.integer()
            expect_equal(
                number,
                sorted(classes).index(name.split("/")[0]),
                "the label of a photo",
                hint="Are classes numbered by the names of the folders, as ImageFolder numbers them?",
            )
            check_colour(submission, photo, colours[name][0, 0], "a photo")


@pytest.mark.points(2)
def test_shapes(submission, rng):
    """Photos are (3, image_size, image_size), whatever the shape of the file"""
    sizes = ((8, 24), (24, 8), (5, 7), (7, 5), (40, 31), (16, 16))
    root = write(submission, {f"a/{n}.png": draw_bytes(rng, *size, 3) for n, size in enumerate(sizes)})
    hint = "Resize((s, s)) gives a square, but distorts. Resize(s) keeps the shape; what makes it a square after that?"
    for image_size in (8, 16):
        photos = submission.build(NAME, root, image_size)
        for index in range(len(sizes)):
            photo, _ = ask(submission, photos, index, image_size, hint)
            expect(float(photo.std()) > 0.01, "a photo is empty")


@pytest.mark.points(3)
def test_values(submission, rng):
    """Values are in [-1, 1], colours in RGB order, from the middle to the edges"""
    sizes = ((8, 8), (6, 14), (14, 6), (4, 4), (30, 20))
    colours = [draw_colour(rng, *size) for size in sizes]
    root = write(submission, {f"a/{n}.png": colour for n, colour in enumerate(colours)})
    photos = submission.build(NAME, root, 8)
    for index, colour in enumerate(colours):
        photo, _ = ask(submission, photos, index, 8)
        check_colour(submission, photo, colour[0, 0], "a photo")


@pytest.mark.points(3)
def test_middle_without_distortion(submission, rng):
    """The shorter side becomes image_size, in proportion, and the middle is cut out"""
    for height, width, size in ((12, 36, 8), (36, 12, 8), (10, 30, 16), (48, 24, 12), (16, 16, 8), (60, 120, 40)):
        root = write(submission, {"a/a.png": draw_ramp(height, width)})
        photos = submission.build(NAME, root, size)
        photo, _ = ask(submission, photos, 0, size)
        again, _ = ask(submission, photos, 0, size)
        expect(
            torch.equal(photo, again),
            "the same photo came out differently a second time",
            "Is the middle cut out, or a random place?",
        )
        verdicts = [judge(got, height, width, size) for got in bytes_of(submission, photo)]
        if None not in verdicts:
            raise WrongAnswer(*verdicts[0])


def judge(photo, height, width, size):
    """(message, hint) of what is wrong with a photo of a ramp, in bytes; None if nothing is."""
    sides = {"across": width, "down": height}
    tolerance = 0.15 if size < 32 else 0.02  # one pixel more or less is much of a small photo
    seen = {"across": photo[0].mean(0), "down": photo[1].mean(1)}  # (size,) each
    mixed = photo[0].mean(1), photo[1].mean(0)
    if float(mixed[0].std()) > 12 and float(seen["across"].std()) < 6:
        return "a photo is lying on its side", "Are height and width exchanged?"
    for name, values in seen.items():
        rise = float(values[-2] - values[1]) / (size - 3)  # the edges may be resized in several ways
        want = 239 / (sides[name] - 1) * min(height, width) / size
        if abs(rise / want - 1) > tolerance:
            hint = "Is the shorter side resized to image_size, in proportion, and then the middle cut out?"
            if 0.85 < rise * size / 239 < 1.15:
                hint = "Is the photo squeezed into a square? Resize takes a single number, too."
            elif rise < 0:
                hint = "Is the photo mirrored?"
            return f"a photo of {'high' if height > width else 'wide'} shape is not in proportion", hint
        if abs(float(values.mean()) - 127.5) > 0.75 * want + 2:
            return "it is not the middle of the photo that is cut out", "Which part of the resized photo is kept?"
    return None
