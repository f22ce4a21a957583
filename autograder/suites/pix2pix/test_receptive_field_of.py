"""Hidden tests of receptive_field_of, on layers of torch.nn."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.pix2pix import reference

NAME = "receptive_field_of"
POINTWISE = (
    ("ReLU",),
    ("LeakyReLU", 0.2),
    ("Sigmoid",),
    ("Tanh",),
    ("BatchNorm2d", 2),
    ("Dropout", 0.5),
    ("Identity",),
)
SHARED_HINT = "Does a layer that stands in several places count as often? Not every way to walk a network repeats it."


def draw(rng, low, high):
    return int(torch.randint(low, high + 1, (), generator=rng))


class Stack:
    """Layers of torch.nn, nested or not, and (kernel_size, stride, dilation) of each, the one at the input first.

    All are made in one request, as (name, *arguments); only what stands in two places is made before.
    """

    def __init__(self, submission):
        self.submission, self.layers, self.sizes = submission, [], []

    def convolution(self, kernel_size, stride=1, dilation=1, padding=0):
        return self._append(("Conv2d", 2, 2, kernel_size, stride, padding, dilation), kernel_size, stride, dilation)

    def pool(self, name, kernel_size, stride=None, *, dilation=1, padding=0, size_as_pair=False, others_as_pairs=False):
        """others_as_pairs: stride, and of a max pool dilation; an average pool takes none."""

        def give(setting, as_pair):
            return (setting, setting) if as_pair else setting

        settings = [give(kernel_size, size_as_pair), give(stride, others_as_pairs), padding]
        if name == "MaxPool2d":
            settings.append(give(dilation, others_as_pairs))
        return self._append((name, *settings), kernel_size, kernel_size if stride is None else stride, dilation)

    def pointwise(self, name, *args):
        self.layers.append((name, *args))
        return self

    def nest(self, inner):
        self.layers.append(("Sequential", *inner.layers))
        self.sizes += inner.sizes
        return self

    def repeat(self):
        """The very layer that stands last, once more."""
        self.layers[-1:] = [self.submission.layer(*self.layers[-1])] * 2
        self.sizes.append(self.sizes[-1])
        return self

    def sequential(self):
        return self.submission.layer("Sequential", *self.layers)

    def _append(self, layer, kernel_size, stride, dilation):
        self.layers.append(layer)
        self.sizes.append((kernel_size, stride, dilation))
        return self


def pairs(sizes):
    """(effective kernel, stride)."""
    return [(dilation * (kernel_size - 1) + 1, stride) for kernel_size, stride, dilation in sizes]


def follow(submission, layers):
    """What the student's own receptive_field says, unless it says one thing only."""
    said = {submission.call("receptive_field", some).integer() for some in ([(3, 1)], [(5, 1)], [(3, 2), (4, 1)])}
    expect(len(said) > 1, "receptive_field is a constant, it cannot be followed")
    return submission.call("receptive_field", layers).integer()


def check(submission, stack, what, hint="", known=None):
    with hinting(hint, errors=True):
        got = submission.call(NAME, stack.sequential()).integer()
    layers = pairs(stack.sizes)
    want = reference.receptive_field(layers)
    if got != want:
        try:
            if got == follow(submission, layers):
                return
        except WrongAnswer:
            pass
    mistakes = {  # what is asked about comes first: on small sizes, one mistake may look like another
        **(known or {}),
        "Does the dilation count? A kernel with gaps reaches further.": reference.receptive_field(
            [(kernel_size, stride) for kernel_size, stride, _ in stack.sizes]
        ),
        "Do the last layers count?": reference.receptive_field(layers[:-1]),
    }
    expect_equal(got, want, what, mistakes=mistakes, hint=hint)


def convolutions(submission, rng, depth, dilation=(1, 1)):
    stack = Stack(submission)
    for _ in range(depth):
        stack.convolution(draw(rng, 2, 5), draw(rng, 1, 3), draw(rng, *dilation))
    return stack


@pytest.mark.points(1)
def test_convolutions(submission, rng):
    """Convolutions count with their kernels and strides, not with their padding"""
    for depth in (1, 3, 4):
        check(submission, convolutions(submission, rng, depth), f"receptive field of {depth} convolutions")
    padded = Stack(submission).convolution(4, 2, padding=1).convolution((5, 5), (2, 2), padding=2).convolution(3)
    padded.sizes[1] = (5, 2, 1)
    padded.pool("MaxPool2d", 3, 2, padding=1).convolution(2)
    check(submission, padded, "receptive field of convolutions with padding", "Does padding change what is seen?")


@pytest.mark.points(1)
def test_pools(submission, rng):
    """Pools count like convolutions; without a stride of their own they step by their kernel"""
    hint = "Do pools count, with kernel and stride? Their settings may be a number or a pair of them."
    for name in ("MaxPool2d", "AvgPool2d"):
        for options in (
            {},
            {"stride": draw(rng, 2, 3), "size_as_pair": True},
            {"stride": draw(rng, 2, 3), "others_as_pairs": True},
        ):
            stack = convolutions(submission, rng, 1).pool(name, draw(rng, 2, 4), **options).convolution(draw(rng, 2, 4))
            without = reference.receptive_field(pairs([stack.sizes[0], stack.sizes[2]]))
            still = [stack.sizes[0], (stack.sizes[1][0], 1, 1), stack.sizes[2]]
            known = {
                "Do pools count at all?": without,
                "What is a pool's stride if none was given?": reference.receptive_field(pairs(still)),
            }
            check(submission, stack, f"receptive field with a {name}", hint, known)


@pytest.mark.points(1)
def test_dilation(submission, rng):
    """A dilated kernel reaches further"""
    hint = "How far does a kernel with gaps reach?"
    for depth in (1, 2, 4):
        stack = convolutions(submission, rng, depth, dilation=(2, 4))
        sizes = stack.sizes
        known = {
            "Does it reach that far? Gaps are only between the kernel's entries.": reference.receptive_field(
                [(kernel_size * dilation, stride) for kernel_size, stride, dilation in sizes]
            ),
            "Does the dilation move the outputs apart? That is what a stride does.": reference.receptive_field(
                [(dilation * (kernel_size - 1) + 1, stride * dilation) for kernel_size, stride, dilation in sizes]
            ),
        }
        check(submission, stack, f"receptive field of {depth} dilated convolutions", hint, known)
    pooled = convolutions(submission, rng, 1).pool("MaxPool2d", draw(rng, 2, 4), 1, dilation=draw(rng, 2, 3))
    check(submission, pooled, "receptive field of a dilated max pool", "Convolutions are not the only ones with gaps.")


@pytest.mark.points(1)
def test_nested(submission, rng):
    """Sequentials may hold others, as deep as you like, and the same layer in several places"""
    hint = "Are layers inside an inner Sequential counted, in their order?"
    innermost = Stack(submission).nest(convolutions(submission, rng, 2, (1, 2)).pointwise("ReLU"))
    middle = convolutions(submission, rng, 1).nest(innermost).convolution(draw(rng, 2, 4), 2)
    stack = convolutions(submission, rng, 2).nest(middle).nest(Stack(submission)).pool("AvgPool2d", 2)
    stack.convolution(draw(rng, 2, 4))
    flat = stack.sizes[:2] + stack.sizes[-2:]
    known = {"Is an inner Sequential passed over?": reference.receptive_field(pairs(flat))}
    check(submission, stack, "receptive field of nested Sequentials", hint, known)
    shared = convolutions(submission, rng, 1).pool("AvgPool2d", 2).repeat().convolution(draw(rng, 2, 4))
    once = shared.sizes[:2] + shared.sizes[3:]
    known = {SHARED_HINT: reference.receptive_field(pairs(once))}
    check(submission, shared, "receptive field with one pool in two places", SHARED_HINT, known)
    inner = convolutions(submission, rng, 1).convolution(draw(rng, 2, 4), 2)
    shared = Stack(submission)
    shared.layers, shared.sizes = 2 * [inner.sequential()], 2 * inner.sizes
    check(submission, shared.convolution(3), "receptive field with one Sequential in two places", SHARED_HINT)


@pytest.mark.points(1)
def test_pointwise_layers(submission, rng):
    """Layers that treat each pixel by itself change nothing"""
    hint = "What does a layer add that looks at single pixels?"
    order = torch.randperm(len(POINTWISE), generator=rng).tolist()
    stack = Stack(submission)
    for place in order:
        stack.pointwise(*POINTWISE[place])
        stack.convolution(draw(rng, 2, 4), draw(rng, 1, 2))
    check(submission, stack, "receptive field with pointwise layers in between", hint)


@pytest.mark.points(1)
def test_unknown_layers(submission, rng):
    """A layer that is none of these is refused by a ValueError, also deep inside"""
    hint = "What does your function do with a layer it has no rule for? It should not guess."
    unknown_layers = (
        ("Linear", (4, 4)),
        ("Upsample", (None, 2)),
        ("ConvTranspose2d", (2, 2, 4, 2)),
        ("InstanceNorm2d", (2,)),
    )
    for name, args in unknown_layers:
        stack = convolutions(submission, rng, 2)
        check(submission, stack, "receptive field without the unknown layer")
        for unknown in (stack.pointwise(name, *args), Stack(submission).nest(stack))[: 2 if name == "Linear" else 1]:
            with hinting(hint):
                raised = submission.raises(NAME, unknown.sequential())
            kind = raised.types[0] if raised.types else "nothing"
            expect("ValueError" in raised.types, f"expected a ValueError for a {name}, got {kind}", hint)
