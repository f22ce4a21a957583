"""Hidden tests of ConditionalGenerator: of the student's own design, so judged by what it does."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.suites.conditional_gan import follow_through
from autograder.suites.conditional_gan.networks import (
    GENERATOR,
    SIZE_HINT,
    are_apart,
    build,
    differ,
    draw_labels,
    draw_noise,
    expect_gradients,
)

LABEL_HINT = "Does the label get into the network, and does anything of it arrive at the pictures?"
OWN_HINT = "In evaluation mode, does each picture depend on its own noise and its own label only?"
STRONG = 1000  # times: noise that leaves no bounds but those of the last layer


def draw_network(submission, rng):
    """(a new generator, the labels that it can be expected to tell apart)"""
    known = follow_through.known_labels(submission, 10)
    return build(submission, GENERATOR, draw_noise(rng, 4), draw_labels(rng, known, 4)), known


@pytest.mark.points(4)
def test_pictures(submission, rng):
    """Noise and labels become pictures (n, 1, 28, 28) in [-1, 1], in both modes and for any batch size"""
    network, known = draw_network(submission, rng)
    network.expect_shape("Are the pictures (n, 1, 28, 28), one channel and two sides?")
    found = []
    for batch_size, training, scale in ((5, True, 1), (1, False, 1), (96, False, 1), (6, False, STRONG)):
        network.set_mode(training=training)
        with hinting(SIZE_HINT, errors=True):
            pictures = network(scale * draw_noise(rng, batch_size), draw_labels(rng, known, batch_size))
        in_range = bool((pictures.abs() <= 1).all())  # False for NaN
        expect(in_range, "some pixels lie outside of [-1, 1]", "Is there a tanh at the end?")
        found.append(pictures.flatten())
    darkest, lightest = float(torch.cat(found).min()), float(torch.cat(found).max())
    hint = "Is there a sigmoid at the end where tanh belongs? Real pictures lie in [-1, 1]."
    expect(darkest < 0 < lightest, f"all pixels lie between {darkest:.2g} and {lightest:.2g}", hint)


@pytest.mark.points(2)
def test_arguments(submission, rng):
    """noise_dim and classes may be other numbers than 100 and 10"""
    for args, options in (((12, 3), {}), ((), {"noise_dim": 7, "classes": 13}), ((), {"classes": 4})):
        noise_dim, classes = args or (options.get("noise_dim", 100), options["classes"])
        if follow_through.lacks(submission, classes):
            continue
        known = follow_through.known_labels(submission, classes)
        noise, labels = draw_noise(rng, 3, noise_dim), known[[0, -1, -1]]
        with hinting(
            "Do noise_dim and classes set how many numbers come in, and how many labels there are?", errors=True
        ):
            network = build(submission, GENERATOR, noise, labels, *args, **options)
            pictures = network.set_mode(training=False)(noise[:1].expand(len(known), -1), known)
        expect(are_apart(pictures), f"with {classes} classes, two labels give the same picture", LABEL_HINT)


@pytest.mark.points(5)
def test_label(submission, rng):
    """The label changes the picture, for every class, in both modes"""
    network, known = draw_network(submission, rng)
    network.set_mode(training=False)
    for _ in range(2):
        pictures = network(draw_noise(rng, 1).expand(len(known), -1), known)
        expect(are_apart(pictures), "the same noise under two labels gave the same picture", LABEL_HINT)
    network.set_mode(training=True)
    noise = draw_noise(rng, len(known))
    changed = differ(network(noise, known), network(noise, known.roll(1)))
    expect(changed, "in training mode, another label left a picture as it was", LABEL_HINT)


@pytest.mark.points(2)
def test_noise(submission, rng):
    """The noise changes the picture, under each label"""
    network, known = draw_network(submission, rng)
    network.set_mode(training=False)
    pictures = network(draw_noise(rng, 6).repeat(len(known), 1), known.repeat_interleave(6))
    apart = [are_apart(row) for row in pictures.split(6)]
    expect(any(apart), "different noise under the same label gave the same picture", "Does forward use its noise?")
    hint = "Does the noise get through under each label? Think of what a label of 0 does to a product."
    expect(all(apart), "under some labels, different noise gave the same picture", hint)


@pytest.mark.points(3)
def test_own_noise_and_label(submission, rng):
    """In evaluation mode each picture depends on its own noise and its own label only"""
    network, known = draw_network(submission, rng)
    network.set_mode(training=False)
    noise, labels = draw_noise(rng, 5), draw_labels(rng, known, 5)
    together = network(noise, labels)
    expect(are_apart(together), "different noise and labels gave the same picture", "Does forward use the noise?")
    backwards = network(noise.flip(0), labels.flip(0)).flip(0)
    expect_close(backwards, together, "the same pictures, painted in another order", deep=True, hint=OWN_HINT)
    for place in (0, 3):
        with hinting(SIZE_HINT, errors=True):
            alone = network(noise[place : place + 1], labels[place : place + 1])
        expect_close(alone[0], together[place], "a picture, painted alone", deep=True, hint=OWN_HINT)
    others = labels.clone()
    others[1] = next(label for label in known if label != labels[1])
    changed = network(noise, others)
    rest = torch.arange(5) != 1
    expect_close(changed[rest], together[rest], "pictures beside one with another label", deep=True, hint=OWN_HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients reach noise and every layer"""
    network, known = draw_network(submission, rng)
    expect_gradients(network, "the noise", draw_noise(rng, 5), draw_labels(rng, known, 5), rng)
