"""Hidden tests of MnistGenerator and MnistDiscriminator: of the student's own design, so judged by properties only."""

from itertools import takewhile

import pytest
import torch

from autograder.compare import expect, hinting
from autograder.suites.dcgan.layers import BOUNDED, POOLING, POOLS, UPSAMPLERS, UPSAMPLING, look_at

GENERATOR, DISCRIMINATOR = "MnistGenerator", "MnistDiscriminator"
SINGLE_HINT = "Does a single sample work in evaluation mode? A plain squeeze() removes the batch of one, too."
POOLING_HINT = "How do DCGANs change the size of pictures? Strides do it in convolutions."
UPWARD_HINT = "The text asks for transposed convolutions: nn.ConvTranspose2d."
NORM_HINT = "Is there batch norm inside of it, for pictures: nn.BatchNorm2d?"
SLOPE_HINT = "Which activation does the text ask for in the discriminator? LeakyReLU(True) has slope 1, so none."
LOGIT_HINT = "Does it give a logit or a probability? Leave the sigmoid to the loss: a logit has no bounds."
GRADIENT_HINT = "Did you detach something in forward?"
FROZEN_HINT = "Is requires_grad of a layer switched off? All of them learn."


def draw_noise(rng, batch_size, noise_dim=100):
    return torch.randn(batch_size, noise_dim, generator=rng)


def draw_images(rng, batch_size):
    return torch.rand(batch_size, 1, 28, 28, generator=rng) * 2 - 1


def build(submission, name, inputs):
    """The student's network, run once: lazy layers get their parameters then."""
    module = submission.build(name)
    module(inputs)
    return module


def set_mode(module, training):
    return module.train() if training else module.eval()


@pytest.mark.points(3)
def test_generator_pictures(submission, rng):
    """The generator turns noise into different pictures (n, 1, 28, 28) in [-1, 1], in both modes"""
    found = []
    for noise_dim in (100, 12):
        options = {} if noise_dim == 100 else {"noise_dim": noise_dim}
        hint = "Does noise_dim set how many numbers it takes?" if options else "Is the batch size built in?"
        with hinting(hint, errors=True):
            module = submission.build(GENERATOR, **options)
            module(draw_noise(rng, 2, noise_dim)).tensor((2, 1, 28, 28))
        for batch_size, training, scale in ((5, True, 1), (1, False, 1), (1, False, 1), (7, False, 1), (3, False, 100)):
            set_mode(module, training)
            noise = scale * draw_noise(rng, batch_size, noise_dim)
            with hinting(SINGLE_HINT if batch_size == 1 else "Is the batch size built in?", errors=True):
                pictures = module(noise).tensor((batch_size, 1, 28, 28))
            previous = found[-1] if found else pictures
            found.append(pictures.flatten())
            in_range = bool((pictures.abs() <= 1).all())  # False for NaN
            expect(in_range, "some pixels lie outside of [-1, 1]", "Is there a tanh at the end?")
            other = pictures[1].flatten() if batch_size > 1 else previous
            differ = scale > 1 or not torch.equal(pictures[0].flatten(), other)  # not if saturated
            expect(differ, "different noise gave the same picture", "Does forward use the noise it is given?")
    darkest, lightest = float(torch.cat(found).min()), float(torch.cat(found).max())
    hint = "Is there a sigmoid at the end where tanh belongs? Real pictures lie in [-1, 1]."
    expect(darkest < 0 < lightest, f"all pixels lie between {darkest:.2g} and {lightest:.2g}", hint)


@pytest.mark.points(3)
def test_discriminator_logits(submission, rng):
    """The discriminator gives logits (n,), for a single picture too, and they have no bounds"""
    images = draw_images(rng, 6)
    module = build(submission, DISCRIMINATOR, images)
    ending = set(look_at(submission, module, images).behind_the_last_weight()) & set(BOUNDED)
    expect(not ending, f"behind its last layer stands {', '.join(sorted(ending))}", LOGIT_HINT)
    found = []
    for batch_size, training in ((5, True), (1, False), (1, False), (7, False)):
        set_mode(module, training)
        with hinting(SINGLE_HINT if batch_size == 1 else "Is the result (n,), not (n, 1)?"):
            logits = module(draw_images(rng, batch_size)).tensor((batch_size,))
        expect(bool(logits.isfinite().all()), "some logits are NaN or infinite")
        found = [*found[-1:], *logits.tolist()]  # a single one has the one before beside it
        differ = len(set(found)) > 1
        expect(differ, "different pictures got the same logit", "Does forward use the pictures it is given?")
    strong = [module(1e4 * images).tensor((6,))]
    module.load({name: 100 * tensor for name, tensor in module.parameters().items()})
    strong += [set_mode(module, training)(images).tensor((6,)) for training in (False, True)]
    largest = float(torch.cat(strong).abs().nan_to_num().max())
    expect(largest > 1, "no logit beyond -1 and 1, however strong pictures and weights are", LOGIT_HINT)


@pytest.mark.points(3)
def test_convolutions(submission, rng):
    """The generator has transposed convolutions, the discriminator convolutions, and neither has pooling"""
    for name, where, inputs in (
        (GENERATOR, "the generator", draw_noise(rng, 4)),
        (DISCRIMINATOR, "the discriminator", draw_images(rng, 4)),
    ):
        module = build(submission, name, inputs)
        layers = look_at(submission, module, inputs)
        expect(not layers.has(POOLS, POOLING), f"{where} has a pooling layer", POOLING_HINT)
        if name == GENERATOR:
            upward = layers.has(["ConvTranspose2d"], ["conv_transpose2d"])
            expect(upward, "the generator has no transposed convolution", UPWARD_HINT)
            enlarged = layers.has(UPSAMPLERS, UPSAMPLING)
            expect(not enlarged, "the generator changes the size of pictures without weights", UPWARD_HINT)
        else:
            convolution = layers.has(["Conv2d"], ["conv2d"])
            expect(convolution, "the discriminator has no convolution", "The text asks for strided convolutions.")


@pytest.mark.points(3)
def test_batch_norm(submission, rng):
    """Batch norm stands inside of both networks, but not on the pictures: neither on D's first layer nor on G's last"""
    for name, where, inputs in (
        (GENERATOR, "the generator", draw_noise(rng, 5)),
        (DISCRIMINATOR, "the discriminator", draw_images(rng, 5)),
    ):
        module = build(submission, name, inputs).train()
        layers = look_at(submission, module, inputs)
        expect(layers.has_batch_norm(), f"{where} has no batch norm", NORM_HINT)
        order = layers.in_order()
        if name == GENERATOR:
            tail = order[len(order) - order[::-1].index("weight") :] if "weight" in order else []
            hint = "Is there batch norm on the generator's last layer? Its pictures need their own brightness."
            expect("norm" not in tail, "the generator has batch norm behind its last layer", hint)
        else:
            first = order.index("weight") if "weight" in order else len(order)
            behind = takewhile(lambda kind: kind == "norm", order[first + 1 :])  # behind an activation it may stand
            head = [*order[:first], *behind]
            hint = "Is there batch norm on the discriminator's first layer? It sees the pictures as they are."
            expect("norm" not in head, "the discriminator has batch norm on its first layer", hint)


@pytest.mark.points(2)
def test_leaky_rectifier(submission, rng):
    """The discriminator has LeakyReLU, with a slope that is one"""
    images = draw_images(rng, 4)
    layers = look_at(submission, build(submission, DISCRIMINATOR, images), images)
    by_hand = {"maximum", "where"}  # of x and a share of x
    leaky = layers.has(["LeakyReLU", "RReLU"], ["leaky_relu", "leaky_relu_", "rrelu", *by_hand])
    expect(leaky, "the discriminator has no LeakyReLU", SLOPE_HINT)
    plain = layers.has(["ReLU", "ReLU6"], ["relu", "relu_", "relu6"])
    expect(not plain, "the discriminator has a ReLU", SLOPE_HINT)
    for leaf in layers.of(["LeakyReLU"]):
        slope = leaf.options.get("negative_slope")
        bent = isinstance(slope, int | float) and not isinstance(slope, bool) and 0 < slope < 1
        expect(bent, "a LeakyReLU of the discriminator has no slope between 0 and 1", SLOPE_HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients reach noise, pictures and every layer"""
    for name, what, inputs, shape in (
        (GENERATOR, "the noise", draw_noise(rng, 5), (5, 1, 28, 28)),
        (DISCRIMINATOR, "the pictures", draw_images(rng, 5), (5,)),
    ):
        module = build(submission, name, inputs)
        expect(all(module.requires_grad_flags().values()), f"{name}: some parameters are frozen", FROZEN_HINT)
        used = {parameter for leaf in module.leaves(inputs) for parameter in leaf.parameters}
        reached = set()
        for training in (True, False):  # what a batch norm takes away in one mode is there in the other
            cotangent = torch.randn(shape, generator=rng)
            _, (slope,), slopes = set_mode(module, training).vjp(inputs, wrt=(0,), cotangent=cotangent)
            each = slope.flatten(1).any(1)
            expect(bool(slope.isfinite().all() and each.all()), f"no gradient reaches {what}", GRADIENT_HINT)
            reached |= {parameter for parameter, value in slopes.items() if value.any()}
        for parameter in sorted((used & slopes.keys()) - reached):
            expect(False, f"{name}: no gradient reaches {parameter[:60]}", GRADIENT_HINT)
