"""Hidden tests of ToyUNet."""

import pytest
import torch

from autograder.compare import expect_equal
from autograder.suites.pix2pix.copies import COUNT_HINT, copy_network, count, draw_network, has_right_slopes
from autograder.suites.pix2pix.networks import make_toy_unet
from autograder.suites.pix2pix.unets import (
    SHAPE_HINT,
    check_picture,
    check_range,
    check_slopes,
    compare_pictures,
    draw_sketch,
)

NAME = "ToyUNet"
PARAMETERS = 1_451_651
COUNT_MISTAKES = {
    "Do all layers have a bias?": PARAMETERS - (64 + 128 + 256 + 128 + 64 + 3),
    "Does the last layer have a bias?": PARAMETERS - 3,
    "Is there batch norm? The toy network has none.": PARAMETERS + 2 * (128 + 256 + 128 + 64),
    "Is there batch norm behind a layer? The toy network has none.": PARAMETERS + 2 * (64 + 128 + 256 + 128 + 64),
    "Are skips concatenated? Then up-convolutions read twice the channels.": PARAMETERS - 128 * 64 * 16 - 64 * 3 * 16,
    "Does the last up-convolution read a skip, too?": PARAMETERS - 64 * 3 * 16,
    "Does the second up-convolution read a skip, too?": PARAMETERS - 128 * 64 * 16,
}
SLOPES = {
    "Which activation belongs into the way down? The toy network has plain ReLUs.": 0.2,
    "Is the activation on the way down a plain ReLU?": 0.01,
    "Is the activation on the way down a plain ReLU, or did a number land in its flag?": 0.1,
    "Are there activations on the way down?": 1.0,
}
HINT = (
    "Is it ReLU in front of every layer but the first, and does each skip carry what a convolution gave, "
    "to the layer where height and width are the same?"
)


SHAPE = (1, 3, 16, 24)


def match(module, rng, sketch):
    """A student's network with the reference's parameters."""
    return copy_network(module, draw_network(rng, make_toy_unet), sketch, hint=SHAPE_HINT)


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """Any number of sketches works, and any height and width that are multiples of 8"""
    module = submission.build(NAME)
    for shape in ((2, 3, 8, 16), (1, 3, 16, 8)):
        check_range(module, draw_sketch(rng, *shape))


@pytest.mark.points(2)
def test_parameter_count(submission):
    """The network has 1,451,651 parameters"""
    found = count(submission.build(NAME, device="meta"), torch.empty(1, 3, 8, 8, device="meta"))
    expect_equal(found, PARAMETERS, "number of parameters", mistakes=COUNT_MISTAKES, hint=COUNT_HINT, shown=True)


@pytest.mark.points(3)
def test_values(submission, rng):
    """Given the same parameters, it draws the same pictures as the network of the text"""
    sketch = draw_sketch(rng, *SHAPE)
    made = match(submission.build(NAME), rng, sketch)
    what = "pictures with the parameters of the reference"
    compare_pictures(made, sketch, made.got, made.want, what, SLOPES, HINT)
    made.module.train()
    check_picture(made, 2 * draw_sketch(rng, 2, *SHAPE[1:]), what, SLOPES, HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients reach the sketch and every parameter, and are right"""
    module = submission.build(NAME)
    sketch, cotangent = draw_sketch(rng, 2, *SHAPE)
    if not has_right_slopes(module, draw_network(rng, make_toy_unet), (sketch,), cotangent):
        check_slopes(match(module, rng, sketch), sketch, cotangent)
