"""Hidden tests of UNetGenerator, mostly narrow; pictures are of 256×256, as eight layers need them."""

from functools import cache, partial

import pytest
import torch

from autograder.compare import expect_close, expect_equal
from autograder.suites.pix2pix.copies import COUNT_HINT, copy_fitting, count, draw_network, has_right_slopes
from autograder.suites.pix2pix.networks import BIASES, make_unet
from autograder.suites.pix2pix.unets import (
    SHAPE_HINT,
    check_picture,
    check_range,
    check_slopes,
    compare_pictures,
    draw_sketch,
)

NAME = "UNetGenerator"
PARAMETERS = 54_419_459
NARROW = 2  # base channels, in all tests: a convolution of new sizes costs the worker several times a known one
BIAS_HINT = "Do all convolutions have a bias, those in front of a batch norm, too?"
BOTTOM_HINT = "Is there batch norm behind the deepest convolution? A single pixel cannot be normalised."
COUNT_MISTAKES = {
    BIAS_HINT: 54_413_955,
    "Do all convolutions have a bias, those in front of a batch norm, too? The text has one everywhere.": 54_414_531,
    BOTTOM_HINT: 54_420_483,
    "Is there batch norm behind the first convolution? The text has none there.": PARAMETERS + 2 * 64,
    "Is there batch norm behind the last up-convolution? The text has none there.": PARAMETERS + 2 * 3,
    "Is there batch norm at the bottom, and behind the first convolution? The text has none there.": PARAMETERS
    + 2 * (512 + 64),
    "Is there a batch norm behind each of the up-convolutions but the last, and inside the encoder?": PARAMETERS
    - 2 * (6 * 512 + 2 * 256 + 2 * 128 + 64),
    "Are skips concatenated? Then up-convolutions read twice the channels.": PARAMETERS
    - 16 * (3 * 512 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3),
    "Does the last up-convolution read a skip, too?": PARAMETERS - 16 * 64 * 3,
    "Do you use eight layers down and eight up?": PARAMETERS - (4_194_816 + 8_389_120 + 2 * 2 * 512),
    "Does the last up-convolution have a bias?": PARAMETERS - 3,
    "Is the default of base_channels 64? This is the network of 32.": 13_611_011,
}
SLOPES = {
    "Did you use ReLU where LeakyReLU belongs, on the way down?": 0.0,
    "Is the slope of LeakyReLU 0.2, or PyTorch's own default?": 0.01,
    "Is the slope of LeakyReLU 0.2? One is none at all: a flag may have landed in its place.": 1.0,
    "Is the slope of LeakyReLU 0.2 or something else?": 0.02,
    "Is the slope of LeakyReLU 0.2?": 0.1,
}
HINT = (
    "Is it LeakyReLU(0.2) in front of every convolution but the first, ReLU in front of every up-convolution, "
    "batch norm where the text has it, and does each skip carry what a layer of the encoder gave to where height and "
    "width are the same?"
)
SIZE = 256
KNOWN = (*({"bias": bias} for bias in BIASES), {"norm_at_bottom": True})  # has cost its points with the full-size count


def match(module, rng, sketch):
    """A student's network with the reference's parameters. Missing biases have a test of their own."""
    return copy_fitting(module, [partial(draw_unet, rng, bias) for bias in BIASES], sketch, hint=SHAPE_HINT)


def draw_unet(rng, bias):
    return draw_network(rng, make_unet, base_channels=NARROW, bias=bias)


@pytest.mark.points(3)
def test_parameter_count(submission):
    """The network has 54,419,459 parameters"""
    module = submission.build(NAME, device="meta")
    found = count(module, torch.empty(1, 3, SIZE, SIZE, device="meta"))
    expect_equal(found, PARAMETERS, "number of parameters", mistakes=COUNT_MISTAKES, hint=COUNT_HINT, shown=True)


@pytest.mark.points(2)
def test_arguments_set_the_sizes(submission):
    """image_channels and base_channels set the sizes of the layers"""
    channels, sketch = 1, torch.empty(1, 1, SIZE, SIZE, device="meta")
    calls = ((channels, 3), {}), ((), {"base_channels": NARROW, "image_channels": channels})
    for base, (args, options) in zip((3, NARROW), calls, strict=True):
        found = count(submission.build(NAME, *args, **options, device="meta"), sketch)
        if found not in (size_of(channels, base, **changed) for changed in KNOWN):
            expect_equal(
                found,
                size_of(channels, base),
                f"number of parameters with {channels} image channels and {base} base channels",
                mistakes={
                    "Does image_channels come first? The arguments are image_channels and base_channels.": size_of(
                        base, channels
                    )
                },
                hint="Do you use both arguments, or numbers in their place? The most channels are 8 · base_channels.",
                shown=True,
            )


@cache
def size_of(channels, base, **changed):
    """The number of parameters of such a network."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in make_unet(channels, base, **changed).parameters())


@pytest.mark.points(2)
def test_sizes(submission, rng):
    """Pictures are as large as the sketches and in [-1, 1], also for a single sketch in training mode"""
    module = submission.build(NAME, base_channels=NARROW)
    check_range(module, draw_sketch(rng, 1, 3, SIZE, SIZE), f"{SHAPE_HINT} {BOTTOM_HINT}")


@pytest.mark.points(5)
def test_values(submission, rng):
    """Given the same parameters, it draws the same pictures as the network of the text, in both modes"""
    sketch = draw_sketch(rng, 1, 3, SIZE, SIZE)
    made = match(submission.build(NAME, base_channels=NARROW), rng, sketch)
    what = "mode, with the parameters of the reference"
    compare_pictures(made, sketch, made.got, made.want, f"a picture in evaluation {what}", SLOPES, HINT)
    made.module.train()
    made.network.train()
    check_picture(made, draw_sketch(rng, 2, 3, SIZE, SIZE), f"pictures in training {what}", SLOPES, HINT)
    found = made.to_reference(made.module.buffers())
    for name, want in made.network.named_buffers():
        if "running" in name:
            expect_close(
                found[name],
                want,
                "statistics of a batch norm after a batch in training mode",
                deep=True,
                hint="Does each batch norm run once, with PyTorch's own settings?",
            )


@pytest.mark.points(4)
def test_gradients(submission, rng):
    """Gradients reach the sketch and every parameter, and are right"""
    module = submission.build(NAME, base_channels=NARROW)
    sketch, cotangent = draw_sketch(rng, 2, 1, 3, SIZE, SIZE)
    if not has_right_slopes(module, draw_unet(rng, BIASES[0]), (sketch,), cotangent):
        check_slopes(match(module, rng, sketch), sketch, cotangent)
