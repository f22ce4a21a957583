"""Hidden tests of conv2d_output_size."""

from math import ceil

import pytest

from autograder.compare import expect, hinting
from autograder.suites.dcgan import reference
from autograder.suites.dcgan.sizes import check_sizes, draw, expect_whole

NAME = "conv2d_output_size"
IMPOSSIBLE_HINT = "Which settings does nn.Conv2d refuse? The docstring lists them all."


def steps(size, kernel_size, stride=1, padding=0, dilation=1):
    """How far the kernel can move."""
    return size + 2 * padding - dilation * (kernel_size - 1) - 1


def known(size, kernel_size, stride=1, padding=0, dilation=1):
    """Sizes that usual mistakes give, by the hint that names them."""
    room = steps(size, kernel_size, stride, padding, dilation)
    return {
        "Is one forgotten? The kernel's first place counts, too.": room // stride,
        "Do you round up? The last pixels may be left over.": ceil(room / stride) + 1,
        "Do you round to the nearest? The last pixels may be left over.": round(room / stride) + 1,
        "Is there padding on both sides?": (room - padding) // stride + 1,
        "Is padding left out?": (room - 2 * padding) // stride + 1,
        "Is one added before the division?": (room + 1) // stride,
        "Is stride left out?": room + 1,
        "Is dilation left out?": (steps(size, kernel_size, stride, padding)) // stride + 1,
        "How far does a dilated kernel reach? It has kernel_size - 1 gaps.": (
            size + 2 * padding - dilation * kernel_size
        )
        // stride
        + 1,
        "How far does a dilated kernel reach? Its gaps lie between its pixels.": (
            size + 2 * padding - kernel_size - (dilation - 1) * kernel_size
        )
        // stride
        + 1,
        "Is that the size after a transposed convolution?": (size - 1) * stride
        - 2 * padding
        + dilation * (kernel_size - 1)
        + 1,
    }


HINTS = tuple(known(9, 3))
MISTAKES = {hint: lambda *args, hint=hint, **named: known(*args, **named)[hint] for hint in HINTS}


def check(submission, settings):
    check_sizes(submission, NAME, reference.conv2d_output_size, MISTAKES, settings)


@pytest.mark.points(1)
def test_kernel(submission, rng):
    """Without stride and padding, the picture shrinks by the kernel's reach; sizes are of type int"""
    settings = []
    for _ in range(6):
        kernel_size = draw(rng, 1, 9)
        settings.append(((kernel_size + draw(rng, 0, 40), kernel_size), {}))
    kernel_size = draw(rng, 2, 9)
    check(submission, [*settings, ((kernel_size, kernel_size), {})])  # the last: just one place
    for size, side, stride in ((5, 3, 1), (64, 4, 2), (28, 1, 3)):
        expect_whole(submission.call(NAME, size, side, stride), "the size")


@pytest.mark.points(2)
def test_stride_and_padding(submission, rng):
    """Stride and padding are right, also where pixels are left over at the edge"""
    settings = []
    for _ in range(12):
        kernel_size, stride, padding = draw(rng, 2, 7), draw(rng, 2, 5), draw(rng, 1, 3)
        size = kernel_size + draw(rng, 1, 60)
        settings += [((size, kernel_size, stride), {}), ((size, kernel_size, stride, padding), {})]
        settings.append(((size, kernel_size), {"padding": padding}))
    check(submission, settings)


@pytest.mark.points(1)
def test_dilation(submission, rng):
    """Dilation stretches the kernel"""
    settings = [((draw(rng, 3, 9), 1), {"dilation": draw(rng, 2, 4)})]  # a kernel of one pixel has no gaps
    for _ in range(6):
        kernel_size, dilation = draw(rng, 2, 5), draw(rng, 2, 4)
        size = dilation * (kernel_size - 1) + 1 + draw(rng, 0, 30)
        settings.append(((size, kernel_size), {"dilation": dilation}))
    check(submission, settings)


@pytest.mark.points(1)
def test_all_settings_together(submission, rng):
    """All settings together, in their order and by keyword"""
    settings = []
    for _ in range(8):
        kernel_size, stride, padding, dilation = draw(rng, 2, 5), draw(rng, 2, 4), draw(rng, 1, 3), draw(rng, 2, 3)
        size = dilation * (kernel_size - 1) + 1 + draw(rng, 0, 30)
        named = {"dilation": dilation, "padding": padding, "stride": stride}
        settings += [((size, kernel_size, stride, padding, dilation), {}), ((size, kernel_size), named)]
    check(submission, settings)


@pytest.mark.points(1)
def test_impossible_settings(submission, rng):
    """What no convolution can do is a ValueError, what one just can do is none"""
    for _ in range(3):
        kernel_size, stride, padding, dilation = draw(rng, 3, 6), draw(rng, 2, 4), draw(rng, 1, 2), draw(rng, 1, 3)
        reach = dilation * (kernel_size - 1) + 1
        small = max(reach - 2 * padding, 1)
        possible = [((size, kernel_size, stride, 0, dilation), {}) for size in (reach, reach + stride - 1)]
        check(submission, [*possible, ((small, kernel_size, stride, padding, dilation), {})])
        refuse(submission, "the kernel is larger than the padded picture", reach - 1, kernel_size, stride, 0, dilation)
        refuse(submission, "the kernel is larger than the picture", kernel_size - draw(rng, 1, 2), kernel_size)
    for what, settings in (
        ("size is 0", (0, 1, 1, 1)),
        ("kernel_size is 0", (9, 0)),
        ("stride is 0", (9, 3, 0)),
        ("stride is negative", (9, 3, -1)),
        ("padding is negative", (9, 3, 1, -1)),
        ("dilation is 0", (9, 3, 1, 0, 0)),
    ):
        refuse(submission, what, *settings)


def refuse(submission, what, *settings):
    """These settings raise a ValueError."""
    with hinting(IMPOSSIBLE_HINT):
        raised = submission.raises(NAME, *settings)
    got = (*raised.types, "no class")[0]
    expect("ValueError" in raised.types, f"{what}: expected a ValueError, got {got}", IMPOSSIBLE_HINT)
