"""Hidden tests of ResNetGenerator, mostly narrow and on small pictures."""

from functools import partial

import pytest
import torch

from autograder.compare import expect, expect_equal
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.cyclegan.matched import (
    WIRINGS,
    Matched,
    count,
    draw,
    expect_pictures,
    match,
    size_of,
    spot,
)
from autograder.suites.cyclegan.networks import (
    LAYOUTS,
    ResidualBlock,
    ResNetGenerator,
    Wiring,
    batch_norm,
    instance_norm,
    keep,
    leak,
)
from autograder.suites.cyclegan.own_block import FollowedGenerator

NAME = "ResNetGenerator"
PARAMETERS = 11_378_179
BLOCK = 1_180_160
NORM_HINT = "Do the norms have parameters of their own? Instance norm as PyTorch makes it has none."
BIAS_HINT = "Do all convolutions have a bias, those in front of a norm, too?"
COUNT_MISTAKES = {
    NORM_HINT: 11_388_675,
    BIAS_HINT: PARAMETERS - 5_248,
    "Does any convolution have a bias? All of them have.": PARAMETERS - 5_251,
    "Do the norms have parameters of their own, and convolutions no bias? It is the other way round.": 11_383_427,
    "Does the last convolution have a bias?": PARAMETERS - 3,
    "Are there nine blocks? These are six.": PARAMETERS - 3 * BLOCK,
    "Are there nine blocks? One is missing.": PARAMETERS - BLOCK,
    "Are there nine blocks? This is one more.": PARAMETERS + BLOCK,
    "Are there two convolutions in a block?": PARAMETERS - 9 * 590_080,
    "Are all blocks layers of their own? One used nine times learns one change only.": PARAMETERS - 8 * BLOCK,
    "Are both convolutions at full size 7×7, the first and the last?": PARAMETERS - 64 * 3 * 40,
    "Are the convolutions at full size 7×7?": PARAMETERS - 2 * 64 * 3 * 40,
}
SIZE_HINT = "Does each layer down halve height and width, and each layer up double them? Think of output_padding."
HINT = (
    "Is it a 7×7 convolution behind reflection padding by 3, two convolutions of stride 2 (these pad zeros), the "
    "blocks, two transposed convolutions of stride 2, each with instance norm and ReLU, then reflection padding, 7×7 "
    "and Tanh?"
)
SLOPE_HINT = "Did you detach something in forward, or change something in place that gradients need?"
STAGES = ("behind the first convolution", *("on the way down",) * 2, *("on the way up",) * 2)
WRONG = (
    {hint: wiring for hint, wiring in WIRINGS.items() if wiring.skip != 2}
    | {
        "Is what goes into a block added once? The block does so itself.": Wiring(skip=2.0),
        "Is the border reflected in front of the 7×7 convolutions? Zeros are the default.": Wiring(
            outer_edges=("constant", "constant")
        ),
        "Is the border reflected in front of both 7×7 convolutions? The first one sees zeros.": Wiring(
            outer_edges=("constant", "reflect")
        ),
        "Is the border reflected in front of both 7×7 convolutions? The last one sees zeros.": Wiring(
            outer_edges=("reflect", "constant")
        ),
        "Is the border reflected, in front of the 7×7 convolutions and in the blocks? Zeros are the default.": Wiring(
            outer_edges=("constant", "constant"), edges=("constant", "constant")
        ),
        "Is the border reflected in front of the 7×7 convolutions? This repeats it.": Wiring(
            outer_edges=("replicate", "replicate")
        ),
        "Is the border reflected wherever it is padded so? This repeats it.": Wiring(
            outer_edges=("replicate", "replicate"), edges=("replicate", "replicate")
        ),
        "Is there a Tanh at the end?": Wiring(output=keep),
        "Is Tanh applied twice?": Wiring(output=lambda x: x.tanh().tanh()),
        "Is there a sigmoid at the end where Tanh belongs?": Wiring(output=torch.sigmoid),
        "Are the values cut off at the end? Tanh bends them.": Wiring(output=lambda x: x.clamp(-1, 1)),
        "Is there a ReLU in front of Tanh?": Wiring(output=lambda x: x.relu().tanh()),
        "Is there an instance norm behind the last convolution? The text has none there.": Wiring(
            last_norm=instance_norm
        ),
        "Are there ReLUs on the way up?": Wiring(bends={3: keep, 4: keep}),
        "Are there plain ReLUs on the way up?": Wiring(bends={3: leak(0.2), 4: leak(0.2)}),
        "Are there plain ReLUs on the way down?": Wiring(bends={0: leak(0.2), 1: leak(0.2), 2: leak(0.2)}),
        "Are there ReLUs on the way down and up?": Wiring(bend=keep),
        "Is it a plain ReLU behind the norms?": Wiring(bend=leak(0.2)),
        "Is it a plain ReLU everywhere?": Wiring(bend=leak(0.2), inside=leak(0.2)),
        "Is it ReLU behind the norms, without a slope?": Wiring(bend=leak(0.01)),
        "Have the ReLUs behind the norms no upper limit? These stop at 6.": Wiring(bend=lambda x: x.clamp(0, 6)),
        "Does the picture go through the blocks?": Wiring(blocks=False),
    }
    | {
        hint: wiring
        for stage, place in enumerate(STAGES)
        for hint, wiring in (
            (f"Is there a ReLU {place}? Number {stage + 1} of five is missing.", Wiring(bends={stage: keep})),
            (f"Is it a plain ReLU {place}? Number {stage + 1} of five is not.", Wiring(bends={stage: leak(0.2)})),
            (f"Is it a plain ReLU {place}? Number {stage + 1} of five has a slope.", Wiring(bends={stage: leak(0.01)})),
            (
                f"Is norm {stage + 1} of five, {place}, there in both modes? An instance norm is.",
                Wiring(norms={stage: keep}),
            ),
            (
                f"Is norm {stage + 1} of five, {place}, an instance norm? It treats every picture on its own.",
                Wiring(norms={stage: batch_norm}),
            ),
        )
    }
)
# image_channels, base_channels, blocks; pictures, height and width
SETTINGS = (((3, 2, 1), (2, 12, 16)), ((1, 3, 2), (1, 16, 8)), ((5, 2, 9), (1, 16, 16)))
SPOTTED = ((3, 2, 1), (2, 32, 32))  # a spot that large norms see: the larger of two numbers behind the first is above 6


def check(submission, rng, settings, size, verify, change=keep):
    """Verify a student's network beside the reference, else beside one that follows the student's own blocks.

    Where these are wrong and cannot be followed, the layers around them count: those of a network without any blocks.
    """
    module = submission.build(NAME, *settings)
    network = ResNetGenerator(*settings)
    x = draw(rng, network, size[0], settings[0], *size[1:], change=change)
    try:
        verify(match(module, network, partial(ResNetGenerator, *settings), x), x)
    except WrongAnswer as wrong:
        try:
            verify(follow(submission, rng, module, settings, x.shape), x)
        except WrongAnswer:
            try:
                if not block_is_right(submission, rng, settings, x.shape):
                    verify(leave_out(submission, rng, settings, x.shape), x)
                    return
            except WrongAnswer:
                pass
            raise wrong from None


def follow(submission, rng, module, settings, shape):
    """The text's layers around the student's own blocks."""
    network = FollowedGenerator(submission, *settings)
    x = draw(rng, network, *shape)
    return Matched(module, network, module.copy_from(network, x, leaves=network.leaves()), True, network.modes)


def leave_out(submission, rng, settings, shape):
    """The text's layers around no blocks at all."""
    module, network = submission.build(NAME, *settings[:2], 0), ResNetGenerator(*settings[:2], 0)
    x = draw(rng, network, *shape)
    return Matched(module, network, module.copy_from(network, x, leaves=network.leaves()), True)


def block_is_right(submission, rng, settings, shape):
    """Whether the student's own block is that of the text, for what comes to it in such a network."""
    channels = 4 * settings[1]
    network = ResidualBlock(channels)
    x = draw(rng, network, shape[0], channels, shape[2] // 4, shape[3] // 4)
    try:
        module = submission.build("ResidualBlock", channels)
        made = match(module, network, partial(ResidualBlock, channels), x)
        made.expect_outputs(x, "", {}, "")
        made.expect_gradients(x, x.cos(), "")
    except WrongAnswer:
        return False
    return True


def own_sizes(submission, settings, sizes):
    """What right numbers of parameters become with the student's own blocks."""
    channels, blocks = 4 * settings[1], settings[2]
    sample = torch.empty(1, channels, 8, 8, device="meta")
    try:
        own = count(submission.build("ResidualBlock", channels, device="meta"), sample)
    except WrongAnswer:
        return set()
    return {size + blocks * (own - size_of(ResidualBlock, channels)) for size in sizes}


@pytest.mark.points(3)
def test_parameter_count(submission):
    """The network has 11,378,179 parameters"""
    module = submission.build(NAME, device="meta")
    found = count(module, torch.empty(1, 3, 16, 16, device="meta"))
    if found != PARAMETERS and found in own_sizes(submission, (3, 64, 9), {PARAMETERS}):
        return
    hint = "Are all layers there, each with the channels and the kernel of the text?"
    expect_equal(found, PARAMETERS, "number of parameters", mistakes=COUNT_MISTAKES, shown=True, hint=hint)


@pytest.mark.points(3)
def test_arguments_set_the_sizes(submission):
    """image_channels, base_channels and blocks set the layers, by place and by name"""
    names = ("image_channels", "base_channels", "blocks")
    for settings, keywords in (((1, 8, 6), False), ((4, 3, 2), True), ((3, 70, 1), False)):
        args, options = ((), dict(zip(names, settings, strict=True))) if keywords else (settings, {})
        module = submission.build(NAME, *args, **options, device="meta")
        found = count(module, torch.empty(1, settings[0], 16, 16, device="meta"))
        known = {size_of(ResNetGenerator, *settings, layout=layout) for layout in LAYOUTS}  # costs its points above
        if found not in known and found not in own_sizes(submission, settings, known):
            channels, base, blocks = settings
            expect_equal(
                found,
                size_of(ResNetGenerator, *settings),
                f"number of parameters with {channels} image channels, {base} base channels and {blocks} blocks",
                hint="Do you use all three arguments, or numbers in their place?",
                shown=True,
            )


@pytest.mark.points(3)
def test_sizes(submission, rng):
    """Pictures come out as large as they went in, with values in [-1, 1], alone and in company"""
    settings = {"image_channels": 3, "base_channels": 2}
    for shape in ((1, 3, 16, 20), (5, 3, 12, 8), (1, 3, 28, 28)):
        pictures = 2 * torch.rand(shape, generator=rng) - 1
        try:
            answer = expect_pictures(submission.build(NAME, **settings, blocks=1), pictures, SIZE_HINT)
        except WrongAnswer:
            if block_is_right(submission, rng, (3, 2, 1), shape):
                raise
            answer = expect_pictures(submission.build(NAME, **settings, blocks=0), pictures, SIZE_HINT)
        largest = float(answer.abs().max())
        expect(
            largest <= 1, f"values lie in [-1, 1]: the largest is {largest:.3g} in size", "Is there a Tanh at the end?"
        )


@pytest.mark.points(5)
def test_values(submission, rng):
    """Given the same parameters, it makes the same pictures as the network of the text, in both modes"""
    what = "pictures with the parameters of the reference"
    for settings, size in SETTINGS:
        check(submission, rng, settings, size, lambda made, x: made.expect_outputs(x, what, WRONG, HINT))
    check(submission, rng, *SPOTTED, lambda made, x: made.expect_outputs(x, what, WRONG, HINT), spot)


@pytest.mark.points(4)
def test_gradients(submission, rng):
    """Gradients reach the pictures and every parameter, and are right"""
    for settings, size in SETTINGS[:2]:
        shape = (size[0], settings[0], *size[1:])
        cotangent = torch.randn(shape, generator=rng)
        check(submission, rng, settings, size, partial(Matched.expect_gradients, cotangent=cotangent, hint=SLOPE_HINT))
