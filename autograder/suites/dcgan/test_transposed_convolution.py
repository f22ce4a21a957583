"""Hidden tests of transposed_convolution."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.dcgan import reference

NAME = "transposed_convolution"
SHAPE_HINT = "How large is the result? That of conv_transpose2d_output_size, along each side, with as many channels \
as the weight's second dimension."
BY_HAND_HINT = "Write it yourself, by zero insertion and a convolution or by scattering."
OTHERS_HINT = "Does it write into x or weight? Both belong to whoever calls."
PYTORCH = {"conv_transpose1d", "conv_transpose2d", "conv_transpose3d"}  # one of more dimensions does the same
GRADIENT_HINT = "Does the result depend on x and weight themselves, or on copies without their graph?"


@pytest.fixture(autouse=True)
def by_hand(submission):
    """PyTorch's own transposed convolution is no answer to any of the tests."""
    try:
        used = submission.probe("Operations", submission.entry(NAME))(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2))
        names = [name.text() for name in used.sequence()]
    except WrongAnswer:
        return  # whether it runs is asked below
    for name in sorted(PYTORCH & set(names)):
        expect(False, f"{NAME} calls PyTorch's {name}", BY_HAND_HINT)


def assigned(x, weight, stride, padding):
    """Where kernels overlap, the last one counts instead of the sum."""
    n, _, height, width = x.shape
    full = x.new_zeros(
        n,
        weight.shape[1],
        (height - 1) * stride + weight.shape[2],
        (width - 1) * stride + weight.shape[3],
    )
    for row in range(height):
        for column in range(width):
            painted = torch.einsum("nc,cokl->nokl", x[:, :, row, column], weight)
            top, left = row * stride, column * stride
            full[:, :, top : top + weight.shape[2], left : left + weight.shape[3]] = painted
    return full[:, :, padding : full.shape[2] - padding, padding : full.shape[3] - padding]


def mistakes(x, weight, stride, padding):
    x, weight = x.double(), weight.double()
    right = reference.transposed_convolution
    full = right(x, weight, stride, 0)
    height, width = full.shape[2] - padding, full.shape[3] - padding
    known = {
        "Is the kernel turned the right way? A convolution gathers, this one scatters.": lambda: right(
            x, weight.flip(2, 3), stride, padding
        ),
        "Is the kernel flipped along one dimension only?": lambda: right(x, weight.flip(3), stride, padding),
        "Is the kernel flipped along one dimension only, the first?": lambda: right(x, weight.flip(2), stride, padding),
        "Do overlapping kernels add up?": lambda: assigned(x, weight, stride, padding),
        "Is padding taken away?": lambda: full,
        "Does stride put zeros between the pixels?": lambda: right(x, weight, 1, padding),
        "Did you average over the input channels?": lambda: right(x, weight, stride, padding) / x.shape[1],
        "Is padding taken away on all four sides?": lambda: full[:, :, 2 * padding :, 2 * padding :],
        "Is padding taken away on all four sides, too?": lambda: full[:, :, : height - padding, : width - padding],
        "Does each sample get its own result?": lambda: right(0 * x + x[:1], weight, stride, padding),
        "Does each sample get its own result? Is there a sum over the batch?": lambda: right(
            0 * x + x.sum(0), weight, stride, padding
        ),
    }
    if weight.shape[0] == weight.shape[1]:
        known["Which dimension of weight are the input channels? Here it is the first."] = lambda: right(
            x, weight.transpose(0, 1), stride, padding
        )
        known["Which dimension is which? Kernel turned, or input channels taken from the second?"] = lambda: right(
            x, weight.transpose(0, 1).flip(2, 3), stride, padding
        )
    if weight.shape[2] == weight.shape[3]:
        known["Did rows and columns of the kernel change places?"] = lambda: right(x, weight.mT, stride, padding)
    return known


def draw_case(rng, sides, kernel, *, n=1, channels=(1, 1), dtype=torch.float32):
    x = torch.randn(n, channels[0], *sides, generator=rng, dtype=dtype)
    return x, torch.randn(*channels, *kernel, generator=rng, dtype=dtype)


def check(submission, x, weight, stride=1, padding=0):
    settings = {key: value for key, value in (("stride", stride), ("padding", padding)) if value != (key == "stride")}
    want = reference.transposed_convolution(x, weight, stride, padding)
    with hinting(SHAPE_HINT):
        got = submission.call(NAME, x, weight, **settings).tensor((None,) * 4, x.dtype)
    what = "the result" + (f", with {' and '.join(settings)}" if settings else "")
    hint = SHAPE_HINT if got.shape != want.shape else ""
    expect_close(got, want, what, mistakes=mistakes(x, weight, stride, padding), hint=hint)


@pytest.mark.points(2)
def test_one_channel(submission, rng):
    """Without stride and padding, each pixel paints the kernel, and overlapping kernels add up"""
    for side, kernel in ((1, 3), (2, 3), (5, 4), (4, 2), (3, 1)):
        check(submission, *draw_case(rng, (side, side), (kernel, kernel)))


@pytest.mark.points(2)
def test_stride(submission, rng):
    """With a stride, pixels paint so many pixels apart"""
    for side, kernel, stride in ((3, 3, 2), (4, 4, 2), (3, 5, 3), (1, 4, 2)):
        check(submission, *draw_case(rng, (side, side), (kernel, kernel)), stride)
    check(submission, *draw_case(rng, (3, 3), (2, 2)), 5)  # gaps that nothing paints


@pytest.mark.points(1)
def test_padding(submission, rng):
    """Padding takes away at all four edges"""
    for side, kernel, stride, padding in ((4, 3, 1, 1), (5, 4, 2, 1), (4, 5, 3, 2), (4, 4, 1, 3), (5, 2, 2, 2)):
        check(submission, *draw_case(rng, (side, side), (kernel, kernel)), stride, padding)


@pytest.mark.points(1)
def test_batch_and_channels(submission, rng):
    """Every sample has its own result, every output channel is a sum over the input channels"""
    for n, channels in ((5, (2, 3)), (1, (3, 3)), (4, (4, 1))):
        x, weight = draw_case(rng, (4, 4), (4, 4), n=n, channels=channels)
        check(submission, x, weight, 2, 1)
    kept = submission.layer("ParameterList", [x, weight]).freeze()
    submission.call(NAME, kept.part(0), kept.part(1), 2, 1)
    left = list(kept.parameters().values())
    intact = len(left) == 2 and torch.equal(left[0], x) and torch.equal(left[1], weight)
    expect(intact, "x or weight was changed", OTHERS_HINT)


@pytest.mark.points(1)
def test_rectangles(submission, rng):
    """Pictures and kernels need not be square"""
    for sides, kernel, stride, padding in (
        ((2, 5), (3, 3), 2, 1),
        ((5, 3), (4, 4), 2, 1),
        ((4, 4), (2, 5), 1, 0),
        ((3, 6), (5, 3), 3, 1),
        ((4, 2), (3, 6), 2, 2),
    ):
        check(submission, *draw_case(rng, sides, kernel, n=2, channels=(2, 3)), stride, padding)


@pytest.mark.points(1)
def test_double_precision(submission, rng):
    """float64 stays float64, with its precision"""
    for stride, padding in ((1, 0), (2, 1)):
        x, weight = draw_case(rng, (4, 3), (4, 4), n=2, channels=(3, 2), dtype=torch.float64)
        want = reference.transposed_convolution(x, weight, stride, padding)
        with hinting("Is there a tensor in between that is float32?", errors=True):
            got = submission.call(NAME, x, weight, stride=stride, padding=padding).tensor((None,) * 4, torch.float64)
        known, hint = mistakes(x, weight, stride, padding), SHAPE_HINT if got.shape != want.shape else ""
        expect_close(got, want, "the result in float64", mistakes=known, hint=hint)
        scale = 1e7  # shows float32 in between, which 1e-5 of the largest number would forgive
        expect_close(scale * (got - want), 0 * want, "the difference to float64", hint="Is a float32 in between?")


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients with respect to x and weight are right"""
    for sides, kernel, stride, padding in (((3, 3), (3, 3), 1, 0), ((4, 3), (4, 4), 2, 1), ((3, 5), (2, 4), 3, 0)):
        x, weight = draw_case(rng, sides, kernel, n=2, channels=(2, 3))
        leaves = [value.double().requires_grad_() for value in (x, weight)]
        out = reference.transposed_convolution(*leaves, stride, padding)
        cotangent = torch.randn(out.shape, generator=rng)
        wanted = torch.autograd.grad(out, leaves, cotangent.double())
        with hinting(SHAPE_HINT):
            _, slopes = submission.vjp(NAME, x, weight, wrt=(0, 1), cotangent=cotangent, stride=stride, padding=padding)
        for what, slope, want in zip(("x", "weight"), slopes, wanted, strict=True):
            expect_close(slope, want, f"gradient of {what}", forward=False, mistakes={GRADIENT_HINT: 0 * want})
