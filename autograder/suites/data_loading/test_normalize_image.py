"""Hidden tests of normalize_image."""

import numpy as np
import pytest
import torch

from autograder.compare import expect_close, hinting
from autograder.suites.data_loading import reference
from autograder.suites.data_loading.pictures import draw_bytes

NAME = "normalize_image"
SHAPE_HINT = "Is the result a tensor with the channels first, for a grey picture as well?"
SIZES = ((4, 7), (7, 4), (5, 5), (1, 9), (6, 1), (1, 1))


def mistakes(image):
    """Known mistakes; each is computed only for a wrong answer."""
    want = reference.normalize_image(image)
    byte = (want + 1) * 127.5
    known = {
        "Is a dark picture taken for one whose range is [0, 1] already? Its numbers are bytes.": lighten(byte),
        "Does 0 become -1? The range is that of tanh, from -1 to 1.": byte / 255,
        "Does 255 become 1? From 0 to 255 there are 255 steps.": byte / 128 - 1,
        "Is the middle of the range between 0 and 255? It is no byte.": (byte - 128) / 127.5,
        "Is the middle of the range between 0 and 255, and does 255 become 1? The middle is no byte.": (byte - 128)
        / 128,
        "Is the middle of the range between 0 and 255, and does 0 become -1? The middle is no byte.": (byte - 128)
        / 127,
        "Is the range from -1 to 1, or half of it?": byte / 255 - 0.5,
        "Did you scale the bytes, too?": byte - 1,
        "Are the bytes scaled at all?": byte,
        "Do 0 and 255 become -1 and 1, or is it the other way round?": -want,
        "Is every picture treated the same, or stretched by its own darkest and brightest pixel?": stretch(byte),
        "Is every picture treated the same, or divided by its own brightest pixel?": byte / byte.max() * 2 - 1,
        "Was something computed with bytes? They overflow: 200 + 100 is 44.": (2 * byte).remainder(256) / 255 - 1,
        "Was something computed with bytes? They overflow: 100 - 128 is 228.": (byte - 128).remainder(256) / 128,
    }
    if image.ndim == 3:
        known["Are the colours in the order of the picture?"] = want.flip(0)
        known["Did you move the channels to the front (permute), or only reshape?"] = want.movedim(0, -1).reshape(
            want.shape
        )
        if image.shape[0] == image.shape[1]:
            known["Are height and width exchanged?"] = want.mT
    return known


def lighten(byte):
    """A picture of the bytes 0 and 1 taken for floating-point numbers; any other as it should be."""
    return byte * 2 - 1 if byte.max() <= 1 else byte / 127.5 - 1


def stretch(byte):
    """A picture scaled to [-1, 1] by its own extremes."""
    low, high = byte.min(), byte.max()
    return (byte - low) / (high - low).clamp(min=1e-9) * 2 - 1


def check(submission, image, what):
    want = reference.normalize_image(image)
    with hinting(SHAPE_HINT):
        got = submission.call(NAME, image).tensor(want.shape, None)
    expect_close(got, want, what, mistakes=mistakes(image))


@pytest.mark.points(2)
def test_colour(submission, rng):
    """Colour pictures become tensors with the channels first, every byte its value in [-1, 1]"""
    for height, width in SIZES[:3]:
        check(submission, draw_bytes(rng, height, width, 3), "a colour picture")


@pytest.mark.points(2)
def test_grey(submission, rng):
    """Grey pictures get one channel"""
    for height, width in SIZES[:3]:
        check(submission, draw_bytes(rng, height, width), "a grey picture")


@pytest.mark.points(2)
def test_every_byte(submission, rng):
    """Every byte has a value of its own, whatever else is in the picture"""
    every = torch.randperm(256, generator=rng).to(torch.uint8).numpy()
    check(submission, np.stack([every.reshape(8, 32)] * 3, axis=2), "a picture with all 256 bytes")
    for low in (0, 100, 200):  # a dark one, one of medium brightness, a bright one
        image = (low + 10 + draw_bytes(rng, 5, 6, 3) // 7).astype(np.uint8)
        check(submission, image, "a picture with few different bytes")
    nearly_black = (draw_bytes(rng, 5, 6, 3) % 2).astype(np.uint8)  # small numbers are bytes as well
    check(submission, nearly_black, "a picture with the bytes 0 and 1 only")
    for value in (0, 255):
        check(submission, np.full((3, 5, 3), value, dtype=np.uint8), "a picture of one colour")


@pytest.mark.points(1)
def test_small_pictures(submission, rng):
    """Pictures of any size work, down to a single pixel"""
    with hinting(
        "Does it depend on the picture's size? Colour or grey is a matter of the number of dimensions.", errors=True
    ):
        for height, width in SIZES[3:]:
            check(submission, draw_bytes(rng, height, width, 3), "a small colour picture")
        for height, width in (*SIZES[3:], (2, 3), (4, 3), (3, 3)):
            check(submission, draw_bytes(rng, height, width), "a small grey picture")


@pytest.mark.points(1)
def test_type(submission, rng):
    """The numbers are float32"""
    for shape in ((3, 4, 3), (3, 4)):
        image = draw_bytes(rng, *shape)
        check(submission, image, "a picture")
        with hinting("Of which type are the numbers? NumPy computes in float64 unless it is told otherwise."):
            submission.call(NAME, image).tensor((shape[2] if len(shape) == 3 else 1, *shape[:2]))
