"""Hidden tests of denormalize_image."""

import numpy as np
import pytest
import torch

from autograder.compare import expect, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import follow_through, reference
from autograder.suites.data_loading.pictures import draw_bytes

NAME = "denormalize_image"
SURE = (0.04, 0.46)  # values for which it makes no difference whether they are rounded or cut off
ARRAY_HINT = "Is the result a NumPy array of type uint8 with the channels last, (h, w, 1) for a grey picture?"


def draw_values(rng, *shape, fraction=(-0.46, 0.46)):
    """Values that lie off a byte's own by a share of the step between two bytes, none halfway; within [-1, 1]."""
    low, high = fraction
    bytes_ = torch.randint(1, 255, shape, generator=rng)
    return ((bytes_ + low + (high - low) * torch.rand(shape, generator=rng)) / 127.5 - 1).float()


def wrap(numbers):
    """What becomes of numbers that do not fit into a byte."""
    return numbers.to(torch.int64).remainder(256).to(torch.uint8)


def mistakes(tensor):
    """hint -> bytes (c, h, w) that this mistake gives."""
    exact = (tensor.double() + 1) * 127.5
    clamped = exact.clamp(0, 255)
    return {
        "Is a bright picture taken for one whose range is [0, 1]? Nobody but you knows its range.": darken(
            tensor.double()
        ),
        "Is it rounded to the nearest byte? A conversion to uint8 cuts the fraction off.": clamped.floor(),
        "Is it rounded to the nearest byte, or up?": clamped.ceil(),
        "Is what lies out of range clamped before it becomes a byte?": wrap(exact.round()),
        "Is what lies out of range clamped before it becomes a byte, and then rounded?": wrap(exact),
        "Is what lies below the range clamped before it becomes a byte?": wrap(exact.clamp(max=255).round()),
        "Is what lies above the range clamped before it becomes a byte?": wrap(exact.clamp(min=0).round()),
        "Does -1 become 0?": (tensor.double() * 255).clamp(0, 255).round(),
        "Does -1 become 0? Only the upper half of the range is left.": (tensor.double().clamp(0, 1) * 255).round(),
        "Does 1 become 255?": ((tensor.double() + 1) * 128).clamp(0, 255).round(),
        "Does 1 become 255? What normalize_image did must be undone.": ((tensor.double() + 1) * 127)
        .clamp(0, 255)
        .round(),
        "Is every picture treated the same, or stretched by its own extremes?": stretch(tensor.double()),
        "Do -1 and 1 become 0 and 255, or is it the other way round?": (255 - clamped).round(),
    }


def darken(values):
    """A picture without negative numbers taken for one in [0, 1]; any other as it should be."""
    return (values.clamp(0, 1) * 255 if values.min() >= 0 else (values.clamp(-1, 1) + 1) * 127.5).round()


def stretch(values):
    """A picture scaled to [0, 255] by its own extremes."""
    low, high = values.min(), values.max()
    return ((values - low) / (high - low).clamp(min=1e-9) * 255).round()


def layouts(want):
    """hint -> the right bytes in a wrong order, of the right shape."""
    return {
        "Did you move the channels to the end (permute), or only reshape?": np.moveaxis(want, 2, 0).reshape(want.shape),
        "Are the colours in the order of the tensor?": want[:, :, ::-1],
        "Are height and width exchanged?": want.swapaxes(0, 1),
    }


def check(submission, tensor, what):
    """WrongAnswer unless the bytes are right, or undo the student's own normalize_image."""
    channels, height, width = tensor.shape
    with hinting(ARRAY_HINT):
        got = submission.call(NAME, tensor).array((height, width, channels), "uint8")
    want = reference.denormalize_image(tensor)
    if np.array_equal(got, want):
        return
    try:
        if np.array_equal(got, reference.denormalize_image(tensor, follow_through.levels(submission))):
            return
    except WrongAnswer:
        pass
    known = {hint: np.moveaxis(bytes_.to(torch.uint8).numpy(), 0, 2) for hint, bytes_ in mistakes(tensor).items()}
    hint = next((hint for hint, bytes_ in {**known, **layouts(want)}.items() if np.array_equal(got, bytes_)), "")
    off = np.abs(got.astype(int) - want)
    share = f"{(off > 0).mean():.0%}"
    raise WrongAnswer(f"{what}: expected other bytes in {share} of the picture, got some off by {off.max()}", hint)


@pytest.mark.points(2)
def test_layout(submission, rng):
    """The result is a uint8 array with the channels last, for colour and for grey"""
    for shape in ((3, 4, 7), (3, 6, 5), (3, 5, 5), (1, 4, 6), (1, 5, 5), (3, 1, 1), (1, 1, 4)):
        tensor = draw_values(rng, *shape, fraction=SURE)
        check(submission, tensor, "a colour picture" if shape[0] == 3 else "a grey picture")


@pytest.mark.points(1)
def test_every_byte(submission, rng):
    """Every byte comes back from its value"""
    every = torch.randperm(256, generator=rng).to(torch.uint8).numpy()
    image = np.stack([every.reshape(16, 16)] * 3, axis=2)
    check(submission, reference.normalize_image(image).float(), "a picture with all 256 bytes")
    narrow = (90 + draw_bytes(rng, 5, 6, 3) // 7).astype(np.uint8)
    check(submission, reference.normalize_image(narrow).float(), "a picture with few different bytes")
    for low in (130, 0):  # whatever the signs in a picture, its range is [-1, 1]
        image = (low + draw_bytes(rng, 5, 6, 3) // 3).astype(np.uint8)
        check(submission, reference.normalize_image(image).float(), "a picture that is bright or dark throughout")


@pytest.mark.points(2)
def test_rounding(submission, rng):
    """Values between two bytes become the nearest one"""
    for fraction in ((-0.46, -0.04), SURE, (-0.46, 0.46)):
        check(submission, draw_values(rng, 3, 6, 8, fraction=fraction), "values between two bytes")


@pytest.mark.points(2)
def test_clamping(submission, rng):
    """What is out of range becomes the first or the last byte"""
    for reach in (0.05, 1.0, 40.0):
        beyond = torch.rand(3, 4, 6, generator=rng) * reach + 0.01
        signs = torch.randn(3, 4, 6, generator=rng).sign()
        inside = draw_values(rng, 3, 4, 6, fraction=SURE)
        tensor = torch.where(torch.rand(3, 4, 6, generator=rng) < 0.6, signs * (1 + beyond), inside)
        check(submission, tensor, "a picture with values out of range")


@pytest.mark.points(1)
def test_generated(submission, rng):
    """A tensor that carries a graph works, and the tensor given is left as it is"""
    tensor = draw_values(rng, 3, 4, 5, fraction=SURE)
    with hinting("Does NumPy refuse a tensor with a graph? Detach it first.", errors=True):
        submission.call(NAME, tensor.clone().requires_grad_())
    check(submission, tensor.clone().requires_grad_(), "a generated picture")
    wide = 2 * torch.randn(3, 4, 5, generator=rng)
    kept = submission.layer("Buffer", wide)  # a plain tensor that stays there and can be looked at again
    with hinting(ARRAY_HINT):
        submission.call(NAME, kept).array((4, 5, 3), "uint8")
    expect(
        torch.equal(kept.method("clone").tensor((3, 4, 5)), wide),
        "the tensor given was changed",
        "Is something done in place (a name that ends in _, or +=)? Others still need that tensor.",
    )
