"""Hidden tests of conv_transpose2d_output_size."""

import pytest

from autograder.suites.dcgan import reference
from autograder.suites.dcgan.sizes import check_sizes, draw, expect_whole

NAME = "conv_transpose2d_output_size"


def exchanged(size, kernel_size, stride=1, padding=0, dilation=1, output_padding=0):
    """The right formula with two parameters of the signature in each other's place."""
    return (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1


def known(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Sizes that usual mistakes give, by the hint that names them."""
    right = (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1
    return {
        "Is output_padding left out?": right - output_padding,
        "Is output_padding on one side only? One side gets it.": right + output_padding,
        "Does padding take away here, or add?": right + 4 * padding,
        "Does padding take away on both sides?": right + padding,
        "Is padding left out?": right + 2 * padding,
        "How many steps are there between the pixels?": right + stride,
        "Is stride left out?": right - (size - 1) * (stride - 1),
        "Is dilation left out?": right - (dilation - 1) * (kernel_size - 1),
        "Is one forgotten? The kernel's own first pixel counts.": right - 1,
        "Is one too many counted?": right + 1,
        "How far does a dilated kernel reach? It has kernel_size - 1 gaps.": right + dilation - 1,
        "Does the kernel count with its reach, or one more?": right + dilation,
        "Is that the size after an ordinary convolution?": (size + 2 * padding - dilation * (kernel_size - 1) - 1)
        // stride
        + 1,
    }


HINTS = tuple(known(4, 4, 2, 1))
MISTAKES = {hint: lambda *args, hint=hint, **named: known(*args, **named)[hint] for hint in HINTS}
MISTAKES["Did two arguments change places? output_padding comes before dilation."] = exchanged


def check(submission, settings):
    check_sizes(submission, NAME, reference.conv_transpose2d_output_size, MISTAKES, settings)


@pytest.mark.points(2)
def test_kernel_and_stride(submission, rng):
    """The kernel's reach and the stride between pixels are right"""
    settings = [((1, draw(rng, 2, 9), draw(rng, 2, 5)), {})]
    for _ in range(6):
        size, kernel_size, stride = draw(rng, 2, 40), draw(rng, 1, 9), draw(rng, 2, 5)
        settings += [((size, kernel_size), {}), ((size, kernel_size, stride), {})]
    check(submission, settings)


@pytest.mark.points(1)
def test_padding(submission, rng):
    """Padding takes away at both edges"""
    settings = []
    for _ in range(6):
        kernel_size, stride = draw(rng, 3, 7), draw(rng, 1, 3)
        padding = draw(rng, 1, (kernel_size - 1) // 2)
        settings.append(((draw(rng, 2, 40), kernel_size, stride, padding), {}))
        settings.append(((draw(rng, 2, 40), kernel_size), {"padding": padding}))
        large = kernel_size + draw(rng, 0, 1)  # the result is smaller than the picture
        settings.append(((draw(rng, 20, 40), kernel_size, 1, large), {}))
    check(submission, settings)


@pytest.mark.points(1)
def test_output_padding(submission, rng):
    """output_padding adds at one edge"""
    settings = []
    for stride in (3, 4, 2, 5, 3):
        output_padding = draw(rng, 1, stride - 1)
        settings.append(((draw(rng, 2, 30), draw(rng, 2, 6), stride), {"output_padding": output_padding}))
    check(submission, [*settings, ((draw(rng, 2, 30), draw(rng, 2, 6), 4), {"output_padding": 3})])


@pytest.mark.points(1)
def test_dilation(submission, rng):
    """Dilation stretches the kernel"""
    settings = [((draw(rng, 2, 30), 1, draw(rng, 1, 3)), {"dilation": draw(rng, 2, 4)})]
    settings += [((draw(rng, 2, 30), draw(rng, 2, 6)), {"dilation": draw(rng, 2, 4)}) for _ in range(6)]
    check(submission, settings)


@pytest.mark.points(1)
def test_all_settings_together(submission, rng):
    """All settings together, in their order and by keyword; sizes are of type int"""
    settings = []
    for _ in range(8):
        kernel_size, stride, dilation = draw(rng, 3, 6), draw(rng, 2, 4), draw(rng, 2, 3)
        padding, output_padding = draw(rng, 1, 2), draw(rng, 1, stride - 1)
        size = draw(rng, 2, 20)
        named = {"dilation": dilation, "output_padding": output_padding, "padding": padding, "stride": stride}
        settings.append(((size, kernel_size, stride, padding, output_padding, dilation), {}))
        settings.append(((size, kernel_size), named))
        expect_whole(submission.call(NAME, size, kernel_size, **named), "the size")
    dilated = {"output_padding": 2, "dilation": 3}  # output_padding stays below stride or dilation
    settings.append(((draw(rng, 2, 20), draw(rng, 2, 6)), dilated))
    check(submission, settings)
