"""Hidden tests of PoolUNetGenerator and PoolDiscriminator; see pool_networks.py for how activations are kept out."""

import copy
from dataclasses import replace
from functools import partial

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting, is_close
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.pix2pix.copies import (
    DETACHED_HINT,
    copy_fitting,
    count,
    draw_network,
    expect_gradient,
)
from autograder.suites.pix2pix.networks import BIASES, SLOPE
from autograder.suites.pix2pix.pool_networks import PLACES, PoolJudge, PoolUNet
from autograder.suites.pix2pix.unets import ask_strongly

GENERATOR, DISCRIMINATOR = "PoolUNetGenerator", "PoolDiscriminator"
SIZE = 64
SMALL = 32  # what only convolves, pools and repeats is right here, too, at a quarter of the cost
SHAPE_HINT = "What do the pools leave of 64 pixels, stage by stage? The steps up must lead back to 64 and no further."
TRAINING_HINT = (
    "In evaluation mode it is right. Does forward do the same in both, with nothing random in it, and are the norms "
    "nn.BatchNorm2d?"
)
LAYER_HINT = "Are the layers those of the table: channels, kernels, pools, and what is concatenated?"
COUNTS = {GENERATOR: 875_619, DISCRIMINATOR: 1_180_625}
COUNT_MISTAKES = {
    GENERATOR: {
        "Is there batch norm in the last block? The text has none there.": 875_619 + 2 * 3,
        "Do the convolutions have a bias, those in front of a batch norm, too?": 875_619
        - (32 + 64 + 128 + 256 + 128 + 64 + 32),
        "Is there batch norm in every block but the last?": 875_619 - 2 * (32 + 64 + 128 + 256 + 128 + 64 + 32),
        "Is there batch norm in the first block, too?": 875_619 - 2 * 32,
        "Is there a kernel of 5×5 in the first and the last convolution?": 875_619 - 16 * (3 * 32 + 64 * 3),
        "Is there a kernel of 5×5 in the last convolution, too?": 875_619 - 16 * 64 * 3,
        "Is there a kernel of 5×5 in the first convolution?": 875_619 - 16 * 3 * 32,
        "Are skips concatenated? Then a block reads twice the channels.": 875_619
        - (128 * 64 * 9 + 64 * 32 * 9 + 32 * 3 * 25),
    },
    DISCRIMINATOR: {
        "Is there batch norm behind the last convolution? The text has none there.": 1_180_625 + 2,
        "Do the convolutions have a bias, those in front of a batch norm, too?": 1_180_625 - (16 + 2 * 480),
        "Is there batch norm behind every convolution but the last?": 1_180_625 - 2 * (16 + 2 * 480),
        "Is there batch norm behind the first convolution, too?": 1_180_625 - 2 * 16,
        "Does it see the sketch and the photo? Together they have six channels.": 1_180_625 - 3 * 16 * 25,
        "Are there two convolutions behind each pool?": 1_180_625
        - sum(width * width * 9 + 3 * width for width in (32, 64, 128, 256)),
        "Is the kernel of the last convolution 1×1?": 1_180_625 + 8 * 256,
        "Is the kernel of the first convolution 5×5?": 1_180_625 - 16 * 6 * 16,
    },
}


def draw_pictures(rng, count=1, size=SIZE):
    """Pictures without anything below zero."""
    return torch.rand(count, 3, size, size, generator=rng)


def check_small_or_full(check, *args):
    """Small pictures can only acquit: the text promises those of 64×64, for which a network may have fixed sizes."""
    try:
        check(*args, SMALL)
    except WrongAnswer:
        check(*args, SIZE)


def match(submission, rng, name, kind, *inputs):
    """A student's network with parameters of ours, under which nothing inside falls below zero for these inputs."""
    candidates = [partial(draw_settled, rng, kind, bias, inputs) for bias in BIASES]
    return copy_fitting(submission.build(name), candidates, *inputs, hint=SHAPE_HINT)


def draw_settled(rng, kind, bias, inputs):
    network = draw_network(rng, kind, bias=bias).eval()
    with torch.no_grad():
        for norm in network.norms[:-1]:
            norm.bias.abs_()
        network.variation(*inputs, settle=True)
    return network


def lazily(function, *inputs, **changes):
    def compute():
        with torch.no_grad():
            return function(*inputs, **changes)

    return compute


def check_count(submission, name):
    inputs = [torch.empty(1, 3, SIZE, SIZE, device="meta")] * (2 if name == DISCRIMINATOR else 1)
    expect_equal(
        count(submission.build(name, device="meta"), *inputs),
        COUNTS[name],
        f"number of parameters of {name}",
        mistakes=COUNT_MISTAKES[name],
        hint=LAYER_HINT,
        shown=True,
    )


@pytest.mark.points(2)
def test_parameters_of_the_generator(submission):
    """PoolUNetGenerator has 875,619 parameters"""
    check_count(submission, GENERATOR)


@pytest.mark.points(2)
def test_parameters_of_the_discriminator(submission):
    """PoolDiscriminator has 1,180,625 parameters"""
    check_count(submission, DISCRIMINATOR)


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """Sketches become pictures of 64×64 in [-1, 1]"""
    check_small_or_full(check_range, submission, rng)


def check_range(submission, rng, size):
    sketch = draw_pictures(rng, size=size) * 2 - 1
    fake = ask_strongly(submission.build(GENERATOR), sketch, SHAPE_HINT)
    largest = float(fake.abs().max())  # NaN is not
    expect(largest <= 1, f"pictures lie in [-1, 1]: the largest is {largest:.3g}", "Is there a tanh at the end?")
    expect_lively(fake, "values of the picture")


def expect_lively(found, what):
    expect(bool(found.isfinite().all()), f"some {what} are NaN or infinite")
    differ = bool((found != found.flatten()[0]).any())  # by however little: initial weights are free
    expect(differ, f"all {what} are the same", "Does forward use the pictures it is given?")


@pytest.mark.points(3)
def test_stages_of_the_generator(submission, rng):
    """The generator's stages, average pools, skips and steps up are those of the text"""
    check_small_or_full(check_stages, submission, rng)


def check_stages(submission, rng, size):
    sketch = draw_pictures(rng, size=size)
    made = match(submission, rng, GENERATOR, PoolUNet, sketch)
    function = made.network.variation
    expect_close(
        made.got,
        made.want,
        "a picture with the parameters of the reference",
        forward=False,  # means far from zero are taken off again
        mistakes={
            "Do skips carry what the encoder's stages gave?": lazily(function, sketch, skips=False),
            "Is there a tanh at the end?": lazily(function, sketch, output=lambda x: x),
            "Did you apply tanh twice?": lazily(function, sketch, output=lambda x: x.tanh().tanh()),
            "Is there a sigmoid at the end where tanh belongs?": lazily(function, sketch, output=torch.sigmoid),
        },
        hint="Is each pool an average pool, does each step up repeat the nearest pixel, are all of them where the "
        "table has them, and does each skip come from the stage it names?",
    )


@pytest.mark.points(2)
def test_stages_of_the_discriminator(submission, rng):
    """The discriminator's stages and average pools are those of the text, and it gives logits"""
    pair = draw_pictures(rng), draw_pictures(rng)
    made = match(submission, rng, DISCRIMINATOR, PoolJudge, *pair)
    function = made.network.variation
    got, want = made.got, made.want
    for output in (1.0, 30.0):  # logits of any size: large ones by large weights of the last layer
        if output > 1:
            with torch.no_grad():
                made.network.convolutions[-1].weight.mul_(output)
            made.load(["convolutions.9.weight"])
            got, want = made.module(*pair).tensor((1, 1, 2, 2)), lazily(function, *pair)()
        expect_close(
            got,
            want,
            "logits with the parameters of the reference",
            forward=False,  # means far from zero are taken off again
            mistakes={
                "Does the network give a logit or a probability? Leave the sigmoid to the loss.": lazily(
                    function, *pair, output=torch.sigmoid
                ),
                "Is there a tanh at the end? A logit is unbounded.": lazily(function, *pair, output=torch.tanh),
                "Is there an activation behind the last layer? A logit is unbounded.": lazily(
                    function, *pair, output=torch.relu
                ),
                "Is there a LeakyReLU behind the last layer? A logit is unbounded.": lazily(
                    function, *pair, output=lambda x: torch.where(x > 0, x, 0.2 * x)
                ),
                "Does it see sketch and photo, or one of them twice?": lazily(function, pair[0], pair[0]),
                "Does it see sketch and photo, or the photo twice?": lazily(function, pair[1], pair[1]),
            },
            hint="Is each pool an average pool, where the table has it, with two convolutions behind it?",
        )


@pytest.mark.points(1)
def test_every_logit_sees_everything(submission, rng):
    """Pairs become 2×2 logits, and each depends on nearly every pixel of sketch and photo"""
    module = submission.build(DISCRIMINATOR).eval()
    pair = draw_pictures(rng) * 2 - 1, draw_pictures(rng) * 2 - 1
    row, column = torch.randint(2, (2,), generator=rng).tolist()
    cotangent = torch.zeros(1, 1, 2, 2)
    cotangent[0, 0, row, column] = 1
    with hinting(SHAPE_HINT, errors=True):
        logits, slopes, _ = module.vjp(*pair, wrt=(0, 1), cotangent=cotangent)
    expect_lively(logits, "logits")
    for name, slope in zip(("sketch", "photo"), slopes, strict=True):
        expect(
            bool(slope.any()),
            f"the {name} plays no part in the logits",
            f"Does the discriminator see the {name}? Sketch and photo are concatenated.",
        )
        share = float((slope != 0).any(1).float().mean())
        expect(share > 0.9, f"a logit sees {share:.0%} of the {name}'s pixels only", "Do the pools really average?")


@pytest.mark.points(1)
def test_activations(submission, rng):
    """Activations are those of the text, before or behind the batch norms; it trains by their batch statistics"""
    check_small_or_full(check_activations, submission, rng, GENERATOR, PoolUNet)
    check_activations(submission, rng, DISCRIMINATOR, PoolJudge, SIZE)


def check_activations(submission, rng, name, kind, size):
    inputs = [draw_pictures(rng, size=size) for _ in range(2 if name == DISCRIMINATOR else 1)]
    module = submission.build(name)
    made = copy_fitting(module, [partial(draw_bent, rng, kind, bias) for bias in BIASES], *inputs, hint=SHAPE_HINT)
    network = made.network
    if not is_close(made.got, made.want, forward=False):  # are they the activations, or the order of its parts?
        made = replace(made, turned=match(submission, rng, name, kind, *inputs).turned)
        made.load(network.joins)
        made = replace(made, got=module(*inputs).tensor(made.want.shape))
    expect_close(
        made.got,
        made.want,
        f"what {name} makes of pictures, with the parameters of the reference",
        forward=False,
        mistakes={
            "What stands between two convolutions? Without activations, they are no more than one.": partial(
                bend, network, inputs, [1.0] * 10
            ),
            "Is the slope of LeakyReLU 0.2, or PyTorch's own default?": partial(
                bend, network, inputs, [min(slope, 0.01) for slope in network.slopes]
            ),
            "Which activation belongs into the way up? It is a plain ReLU.": partial(
                bend, network, inputs, [SLOPE] * 10
            ),
            "Did you use ReLU where LeakyReLU belongs?": partial(bend, network, inputs, [0.0] * 10),
        },
        own=partial(bend, network, inputs, network.slopes, "before"),
        hint="Is there an activation in each block but the last, of the kind and slope that the text gives?",
    )
    check_training(made, rng, inputs)


def check_training(made, rng, inputs):
    """What it makes of pictures in training mode, and of a generator the gradient of its sketch."""
    made.module.train()
    made.network.train()
    judges = len(inputs) == 2
    inputs = [draw_pictures(rng, len(inputs), value.shape[-1]).requires_grad_() for value in inputs]
    cotangent = torch.randn(made.want.shape, generator=rng)
    if judges:
        got = made.module(*inputs).tensor((2, 1, 2, 2))
    else:
        got, (slope,), _ = made.module.vjp(*inputs, wrt=(0,), cotangent=cotangent)
    for place in PLACES:  # which of them a student chose is free
        want = put(made.network, place)(*inputs)
        if is_close(got, want.detach(), forward=False):
            break
    else:
        what = f"what {made.module.place} makes of pictures in training mode"
        expect_close(got, want.detach(), what, forward=False, hint=TRAINING_HINT)
    if not judges:
        (right,) = torch.autograd.grad(want, inputs, cotangent)
        expect_gradient(slope, right, "gradient of the sketch", DETACHED_HINT)


def draw_bent(rng, kind, bias):
    network = draw_network(rng, kind, bias=bias, place="behind")
    with torch.no_grad():
        network.scale_only()
    return network


def bend(network, inputs, slopes, place="behind"):
    """What a network gives with other slopes, or with its activations in another place."""
    changed = put(network, place)
    changed.slopes = slopes
    with torch.no_grad():
        return changed(*inputs)


def put(network, place):
    """The network with its activations in another place."""
    changed = copy.copy(network)
    changed.place = place
    return changed
