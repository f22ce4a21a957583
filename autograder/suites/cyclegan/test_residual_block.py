"""Hidden tests of ResidualBlock."""

from functools import partial

import pytest
import torch

from autograder.compare import expect_equal
from autograder.suites.cyclegan.matched import WIRINGS, count, draw, expect_pictures, match, size_of, spot
from autograder.suites.cyclegan.networks import Layout, ResidualBlock, keep

NAME = "ResidualBlock"
SHAPE_HINT = "Does padding by 1 stand in front of each 3×3 convolution? Height and width stay."
HINT = (
    "Is it reflection, convolution, instance norm, ReLU, then reflection, convolution, instance norm, and the input "
    "added to that as it came in?"
)
SLOPE_HINT = "Did you detach something in forward, or change its input? A change in place destroys what gradients need."
SHAPES = ((1, 2, 5, 4), (3, 3, 4, 6), (2, 1, 2, 9))  # pictures, channels, height, width
SQUARE = (2, 2, 20, 20)  # with one spot on it, the larger of two numbers behind the first norm is above 6


@pytest.mark.points(2)
def test_parameter_count(submission):
    """Two convolutions with biases, and nothing else that learns, for any number of channels"""
    for channels in (256, 3):
        module = submission.build(NAME, channels, device="meta")
        found = count(module, torch.empty(2, channels, 8, 8, device="meta"))
        size = size_of(ResidualBlock, channels)
        expect_equal(
            found,
            size,
            f"number of parameters with {channels} channels",
            mistakes={
                "Does the norm have parameters of its own? Instance norm as PyTorch makes it has none.": size_of(
                    ResidualBlock, channels, layout=Layout(affine=True)
                ),
                "Does one of the norms have parameters of its own? Instance norm as PyTorch makes it has none.": (
                    size + 2 * channels
                ),
                "Do both convolutions have a bias?": size_of(ResidualBlock, channels, layout=Layout("last")),
                "Do both convolutions have a bias? One of them has none.": size - channels,
                "Are there two convolutions, each a layer of its own?": size // 2,
            },
            hint="Are both convolutions 3×3, with as many channels out as in, and with a bias?",
            shown=True,
        )


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """What comes out has the size of what went in, for any height, width and number of pictures"""
    for shape in SHAPES:
        module = submission.build(NAME, shape[1])
        expect_pictures(module, torch.randn(shape, generator=rng), SHAPE_HINT)


@pytest.mark.points(4)
def test_values(submission, rng):
    """Given the same parameters, it gives what the block of the text gives, up to the border, in both modes"""
    for shape, change in (*((shape, keep) for shape in SHAPES), (SQUARE, spot)):
        network = ResidualBlock(shape[1])
        x = draw(rng, network, *shape, change=change)
        made = match(submission.build(NAME, shape[1]), network, partial(ResidualBlock, shape[1]), x)
        made.expect_outputs(x, "the answer with the parameters of the reference", WIRINGS, HINT)


@pytest.mark.points(3)
def test_gradients(submission, rng):
    """Gradients reach the input and all parameters, and are right"""
    for shape in SHAPES[:2]:
        network = ResidualBlock(shape[1])
        x = draw(rng, network, *shape)
        made = match(submission.build(NAME, shape[1]), network, partial(ResidualBlock, shape[1]), x)
        made.expect_gradients(x, torch.randn(shape, generator=rng), SLOPE_HINT)
