"""Hidden tests of PatchDiscriminator. Narrow networks have the same sizes and patches as wide ones."""

from functools import cache, partial

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.suites.pix2pix import reference
from autograder.suites.pix2pix.copies import (
    COUNT_HINT,
    copy_fitting,
    count,
    differentiate,
    draw_network,
    expect_gradient,
    expect_gradients,
    has_right_slopes,
)
from autograder.suites.pix2pix.networks import BIASES, PLANS, PatchDiscriminator

NAME = "PatchDiscriminator"
LAYERS = (3, 1, 5, 0)  # first the usual one: what is wrong in all of them is no matter of the PixelGAN
COUNTS = {0: 9_153, 1: 139_713, 2: 666_817, 3: 2_769_601, 4: 6_965_441, 5: 11_161_281}
WITHOUT_BIAS = {0: 9_025, 1: 139_585, 2: 666_433, 3: 2_768_705, 4: 6_964_033, 5: 11_159_361}  # before batch norms
PATCHES = {0: 1, 1: 16, 3: 70, 5: 286}
SIZE_HINT = (
    "Are there `layers` convolutions of stride 2, and behind them two more of stride 1? All have padding 1. "
    "The logits stay a map, (n, 1, rows, columns)."
)
# Pictures for each number of layers, the same in most tests: a convolution of new sizes costs the worker several times
# a known one. But for five layers, one logit has its whole patch inside.
SHAPES = {0: (6, 9), 1: (18, 22), 3: (72, 72), 5: (96, 96)}
PIXEL_HINT = "Does the PixelGAN (layers=0) have kernels of 1×1, without stride and padding?"
HINT = (
    "Is it LeakyReLU(0.2) behind every convolution but the last, and batch norm in front of it, but not behind the "
    "first convolution? Is the sketch the first part of the pair?"
)


@cache
def size_of(layers, image_channels, base_channels):
    """The number of parameters of such a network."""
    with torch.device("meta"):
        return sum(value.numel() for value in PatchDiscriminator(image_channels, base_channels, layers).parameters())


def count_mistakes(layers):
    right, plan = COUNTS[layers], PLANS[layers]
    kernels = plan.kernel_size**2
    widest = 64 * plan.multiples[-1]
    return {
        "Do all convolutions have a bias, those in front of a batch norm, too?": WITHOUT_BIAS[layers],
        "Is there batch norm behind the first convolution? The text has none there.": right + 2 * 64,
        "Is there batch norm behind the last convolution? The text has none there.": right + 2,
        "Does it see the sketch and the photo? Together they have twice the channels.": right - 3 * 64 * kernels,
        "Does layers change the network? This is the one of three layers.": COUNTS[3],
        "Does it give a single logit for each patch?": right + widest * kernels + 1,
    }


def draw_pair(rng, batch_size, size, channels=3):
    """Sketch and photo, of this (height, width)."""
    return (torch.rand(2, batch_size, channels, *size, generator=rng) * 2 - 1).unbind()


def match(module, rng, layers, pair):
    """A student's narrow network with the reference's parameters. Missing biases cost points elsewhere."""
    candidates = [partial(draw_discriminator, rng, layers, bias) for bias in BIASES]
    return copy_fitting(module, candidates, *pair, hint=hint_of(layers))


def draw_discriminator(rng, layers, bias):
    return draw_network(rng, PatchDiscriminator, base_channels=2, layers=layers, bias=bias)


def hint_of(layers):
    return SIZE_HINT if layers else PIXEL_HINT


def wrong_wirings(network, sketch, photo):
    def wiring(*pair, **changes):
        def judge():
            with torch.no_grad():
                return network.variation(*pair, **changes)

        return judge

    pair = sketch, photo
    return {
        "Does the network give a logit or a probability? Leave the sigmoid to the loss.": wiring(
            *pair, output=torch.sigmoid
        ),
        "Is there a tanh at the end? A logit is unbounded.": wiring(*pair, output=torch.tanh),
        "Is there an activation behind the last layer? A logit is unbounded.": wiring(
            *pair, output=lambda x: torch.where(x > 0, x, 0.2 * x)
        ),
        "Did you use ReLU where LeakyReLU belongs?": wiring(*pair, slope=0.0),
        "Is the slope of LeakyReLU 0.2, or PyTorch's own default?": wiring(*pair, slope=0.01),
        "Are there activations between the layers? (LeakyReLU(True) has slope 1.)": wiring(*pair, slope=1.0),
        "Which comes first, batch norm or activation?": wiring(*pair, bent_first=True),
        "Does it see sketch and photo, or one of them twice?": wiring(sketch, sketch),
        "Does it see sketch and photo, or the photo twice?": wiring(photo, photo),
    }


@pytest.mark.points(2)
def test_parameter_count(submission):
    """The 70×70 network, three layers by default, has 2,769,601 parameters"""
    module = submission.build(NAME, device="meta")
    empty = torch.empty(1, 3, 256, 256, device="meta")
    found = count(module, empty, empty)
    known = count_mistakes(3) | {
        "Is the default of layers 3? This is the network of four.": COUNTS[4],
        "Is the default of layers 3, or is there a convolution too few? This is the network of two.": COUNTS[2],
    }
    expect_equal(found, COUNTS[3], "number of parameters", mistakes=known, hint=COUNT_HINT, shown=True)


@pytest.mark.points(2)
def test_arguments_set_the_sizes(submission, rng):
    """layers, base_channels and image_channels set the layers and their sizes"""
    for layers in (0, 1, 2, 4, 5):
        module = submission.build(NAME, layers=layers, device="meta")
        empty = torch.empty(1, 3, 256, 256, device="meta")
        expect_equal(
            count(module, empty, empty),
            COUNTS[layers],
            f"number of parameters for layers={layers}",
            mistakes=count_mistakes(layers),
            hint=hint_of(layers),
            shown=True,
        )
    named = {"layers": 4, "image_channels": 2, "base_channels": 5}
    for (channels, base, layers), (args, options) in (((1, 3, 3), ((1, 3, 3), {})), ((2, 5, 4), ((), named))):
        pair = [part.to("meta") for part in draw_pair(rng, 1, (64, 64), channels)]
        expect_equal(
            count(submission.build(NAME, *args, **options, device="meta"), *pair),
            size_of(layers, channels, base),
            f"number of parameters with {channels} image channels, {base} base channels and {layers} layers",
            hint="Do you use all three arguments, or numbers in their place? The most channels are 8 · base_channels.",
            shown=True,
        )


@pytest.mark.points(2)
def test_sizes(submission, rng):
    """It gives a map of logits, one for each patch, for any number of pairs"""
    for layers in LAYERS:
        module = submission.build(NAME, base_channels=2, layers=layers)
        pictures = [(1, (256, 256)), (5, (24, 40))] if layers == 3 else [(1, (128, 128))]
        for batch_size, size in pictures:
            sides = find_sides(layers, size)
            with hinting(hint_of(layers), errors=True):
                logits = module(*draw_pair(rng, batch_size, size)).tensor((batch_size, 1, *sides))
            expect(bool(logits.isfinite().all()), "some logits are NaN or infinite")
            expect(float(logits.std()) > 1e-7, "all logits are the same", "Does forward use the pictures it is given?")


def find_sides(layers, size):
    """(rows, columns) of the logits for pictures of this size, by the layers' own arithmetic."""
    plan = PLANS[layers]
    for stride in plan.strides:
        size = tuple((side + 2 * (plan.kernel_size // 4) - plan.kernel_size) // stride + 1 for side in size)
    return size


@pytest.mark.points(3)
def test_values(submission, rng):
    """Given the same parameters, it gives the same logits as the network of the text, in both modes"""
    for layers in LAYERS:
        pair = draw_pair(rng, 2, SHAPES[layers])
        made = match(submission.build(NAME, base_channels=2, layers=layers), rng, layers, pair)
        compare_logits(made, pair, made.got, made.want, f"logits in evaluation mode, layers={layers}")
        made.module.train()
        made.network.train()
        pair = draw_pair(rng, 2, SHAPES[layers])
        with torch.no_grad():
            want = made.network(*pair)
        got = made.module(*pair).tensor(want.shape)
        compare_logits(made, pair, got, want, f"logits in training mode, layers={layers}")


def compare_logits(made, pair, got, want, what):
    known = wrong_wirings(made.network, *pair)
    expect_close(got, want, f"{what}, with the parameters of the reference", mistakes=known, deep=True, hint=HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients reach sketch, photo and every parameter, and are right"""
    for layers in (3, 1, 0):
        module = submission.build(NAME, base_channels=2, layers=layers)
        pair = draw_pair(rng, 2, SHAPES[layers])
        cotangent = torch.randn(2, 1, *find_sides(layers, SHAPES[layers]), generator=rng)
        if has_right_slopes(module, draw_discriminator(rng, layers, BIASES[0]), pair, cotangent):
            continue
        made = match(module, rng, layers, pair)
        _, slopes, of_parameters = module.vjp(*pair, wrt=(0, 1), cotangent=cotangent)
        _, wanted, wanted_of_parameters = differentiate(made.network, pair, cotangent)
        for name, got, want in zip(("sketch", "photo"), slopes, wanted, strict=True):
            expect_gradient(got, want, f"gradient of the {name}")
        expect_gradients(made, of_parameters, wanted_of_parameters)


@pytest.mark.points(2)
def test_patches(submission, rng):
    """Each logit sees a patch of the size that the text gives"""
    for layers in (3, 1, 0):
        module = submission.build(NAME, base_channels=2, layers=layers).eval()
        shape = SHAPES[layers]
        pair = draw_pair(rng, 2, shape)
        rows, columns = find_sides(layers, shape)
        cotangent = torch.zeros(2, 1, rows, columns)
        cotangent[-1, 0, rows // 2, columns // 2] = 1  # far from the border
        with hinting(hint_of(layers)):
            _, slopes, _ = module.vjp(*pair, wrt=(0, 1), cotangent=cotangent)
        seen = sum(slope.abs().sum((0, 1)) for slope in slopes) > 0  # (h, w)
        for direction, along, size in (("rows", 1, shape[0]), ("columns", 0, shape[1])):
            places = seen.any(along).nonzero()[:, 0]
            extent = int(places[-1] - places[0]) + 1 if len(places) else 0
            expect_equal(
                extent,
                PATCHES[layers],
                f"{direction} of pixels that a logit sees for layers={layers}",
                mistakes={
                    "Do the last two convolutions have stride 1?": reference.receptive_field(
                        [(PLANS[layers].kernel_size, 2)] * len(PLANS[layers].strides)
                    ),
                    "Is there a convolution too few?": reference.receptive_field(
                        [(PLANS[layers].kernel_size, stride) for stride in PLANS[layers].strides[:-1]]
                    ),
                    "Are there as many convolutions of stride 2 as layers says?": PATCHES[3],
                    "Does each logit see its own patch only? Something looks at the whole picture.": size,
                    "Is a logit cut off from its patch, by a detach, or by ReLU where LeakyReLU belongs?": 0,
                },
                hint=hint_of(layers),
                shown=True,
            )


@pytest.mark.points(1)
def test_both_matter(submission, rng):
    """Every logit depends on the sketch and on the photo"""
    for layers in (3, 0):
        module = submission.build(NAME, base_channels=2, layers=layers).eval()
        cotangent = torch.randn(2, 1, *find_sides(layers, SHAPES[layers]), generator=rng)
        _, slopes, _ = module.vjp(*draw_pair(rng, 2, SHAPES[layers]), wrt=(0, 1), cotangent=cotangent)
        for name, slope in zip(("sketch", "photo"), slopes, strict=True):
            expect(
                bool(slope.any()),
                f"the {name} plays no part in the logits",
                f"Does the discriminator see the {name}? Sketch and photo are concatenated.",
            )
