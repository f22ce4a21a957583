"""Hidden tests of receptive_field."""

import math

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.suites.pix2pix import reference

NAME = "receptive_field"
INTEGER_HINT = "Is the result a whole number?"
SEVENTY = [(4, 2), (4, 2), (4, 2), (4, 1), (4, 1)]  # the PatchGAN that the paper prefers


def draw_layers(rng, depth, *, kernels=(2, 8), strides=(1, 4)):
    """(kernel_size, stride) of some layers, from these ranges."""
    sizes = torch.randint(*kernels, (depth,), generator=rng).tolist()
    steps = torch.randint(*strides, (depth,), generator=rng).tolist()
    return list(zip(sizes, steps, strict=True))


def grow(layers, *, start=1, own=False, whole=False):
    """The formula with a mistake: another r_0, the layer's own stride in the product, k instead of k - 1."""
    field, spacing = start, 1
    for kernel_size, stride in layers:
        field += (kernel_size - (not whole)) * (spacing * stride if own else spacing)
        spacing *= stride
    return field


def add_strides(layers):
    """The formula with a sum in place of the product."""
    return 1 + sum((k - 1) * sum(s for _, s in layers[:i]) for i, (k, _) in enumerate(layers) if i) + layers[0][0] - 1


def mistakes(layers):
    strides = [stride for _, stride in layers]
    return {
        "Where does the recursion begin? An output of no layer at all sees one pixel.": grow(layers, start=0),
        "Which strides belong into the product? A layer's own one only counts for the layers after it.": grow(
            layers, own=True
        ),
        "Does a layer add its kernel size, or one less?": grow(layers, whole=True),
        "Is the last layer forgotten?": reference.receptive_field(layers[:-1]),
        "Is the first layer forgotten?": reference.receptive_field(layers[1:]),
        "Which end do you begin at? The layer at the input comes first in the list.": reference.receptive_field(
            layers[::-1]
        ),
        "Do you use the strides of the layers, or the first one for all?": reference.receptive_field(
            [(kernel_size, strides[0]) for kernel_size, _ in layers]
        ),
        "Do the strides play a part?": reference.receptive_field([(kernel_size, 1) for kernel_size, _ in layers]),
        "Do you multiply the strides before a layer, or add them?": add_strides(layers),
        "Do you use all strides before a layer, or only the last of them?": 1
        + sum((k - 1) * s for (k, _), s in zip(layers, [1, *strides], strict=False)),
        "Is this made of the strides alone? Kernels come first in each pair, and make the field.": math.prod(strides),
        "Which of a pair is the kernel? It comes first, the stride second.": reference.receptive_field(
            [(stride, kernel_size) for kernel_size, stride in layers]
        ),
        "Is the last stride in the product? No layer comes after it.": reference.receptive_field(layers) * strides[-1],
    }


def check(submission, layers, what, known=mistakes, hint=""):
    with hinting(INTEGER_HINT):
        got = submission.call(NAME, layers).integer()
    expect_equal(got, reference.receptive_field(layers), what, mistakes=known(layers), hint=hint)


@pytest.mark.points(1)
def test_no_layer(submission, rng):
    """Without any layer the receptive field is a single pixel"""
    with hinting("What if the list is empty? Then an output is a pixel of the input.", errors=True):
        got = submission.call(NAME, []).integer()
    expect_equal(
        got, 1, "receptive field of no layer", shown=True, mistakes={"What does an output of no layer see?": 0}
    )
    check(submission, draw_layers(rng, 2), "receptive field of two layers")  # a constant is no answer


@pytest.mark.points(1)
def test_one_layer(submission, rng):
    """A single layer sees its kernel, whatever its stride; the result is an int"""
    for layers in [draw_layers(rng, 1, kernels=(1, 12), strides=(2, 9)) for _ in range(4)]:
        check(submission, layers, "receptive field of one layer")
    answer = submission.call(NAME, draw_layers(rng, 1))
    expect("float" not in answer.described, f"expected an int, got {answer.described}", INTEGER_HINT)


@pytest.mark.points(1)
def test_no_strides(submission, rng):
    """Layers of stride 1 add what their kernels reach beyond one pixel"""
    for depth in (2, 3, 6):
        layers = draw_layers(rng, depth, kernels=(3, 8), strides=(1, 2))  # with 2, "no last layer" is "begin at zero"
        check(submission, layers, f"receptive field of {depth} layers of stride 1")


@pytest.mark.points(3)
def test_any_layers(submission, rng):
    """Any stack of layers is right, the one at the input first"""
    for depth in (2, 3, 4, 5, 7, 9):
        check(submission, draw_layers(rng, depth), f"receptive field of {depth} layers")
    steps = [(1, stride) for _, stride in draw_layers(rng, 3, strides=(2, 4))]  # sees one pixel, and widens the rest
    check(submission, [*steps, *draw_layers(rng, 2)], "receptive field behind 1×1 layers with strides")


@pytest.mark.points(2)
def test_networks_of_the_text(submission):
    """The networks of the text have their known receptive fields"""

    def known(layers):
        return {
            "Do all layers have stride 2? The last two of a PatchGAN have stride 1.": reference.receptive_field(
                [(kernel_size, 2) for kernel_size, _ in layers]
            ),
            **mistakes(layers),
            **({"Is it the misprint that is in circulation?": 574} if layers == SEVENTY else {}),
        }

    for name, layers in (
        ("the 70×70 PatchGAN", SEVENTY),
        ("the 16×16 PatchGAN", [(4, 2), (4, 1), (4, 1)]),
        ("the 286×286 PatchGAN", [(4, 2)] * 5 + [(4, 1)] * 2),
        ("the encoder of the U-Net", [(4, 2)] * 8),
    ):
        check(submission, layers, f"receptive field of {name}", known)
