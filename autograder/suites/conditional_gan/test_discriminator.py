"""Hidden tests of ConditionalDiscriminator: of the student's own design, so judged by what it does."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.suites.conditional_gan import follow_through
from autograder.suites.conditional_gan.networks import (
    DISCRIMINATOR,
    NOTICED_LOGIT,
    SIZE_HINT,
    build,
    differ,
    draw_labels,
    draw_pictures,
    expect_gradients,
    labels_matter,
    labels_meet_pictures,
    weakest_pair,
)

LABEL_HINT = "Does the label get into the network, and does anything of it arrive at the logit?"
MEETING_HINT = (
    "Where do picture and label meet: before something that is not linear, or only in a sum at the end? "
    "Can your network say that a picture is no 3?"
)
LOGIT_HINT = "Does it give a logit or a probability? Leave the sigmoid to the loss: a logit has no bounds."
OWN_HINT = "In evaluation mode, does each logit depend on its own picture and its own label only?"
STRONG = 1e4  # times: pictures, weights
TRIES = 20  # other weights, until there are logits on both sides of zero


def draw_network(submission, rng):
    """(a new discriminator, the labels that it can be expected to tell apart)"""
    known = follow_through.known_labels(submission, 10)
    return build(submission, DISCRIMINATOR, draw_pictures(rng, 4), draw_labels(rng, known, 4)), known


def judge(network, pictures, labels):
    """Each picture under each label, in evaluation mode: (pictures, labels), float64."""
    network.set_mode(training=False)
    count = len(pictures)
    logits = network(pictures.repeat(len(labels), 1, 1, 1), labels.repeat_interleave(count))
    return logits.double().view(len(labels), count).T


def has_no_bounds(logits):
    """Are there logits far enough on both sides of zero?"""
    return bool((logits < -1).any() and (logits > 1).any())


@pytest.mark.points(3)
def test_logits(submission, rng):
    """Pictures and labels become logits (n,), in both modes and for any batch size, and the picture counts"""
    network, known = draw_network(submission, rng)
    network.expect_shape("Is there one number for each picture, (n,), not a column?")
    for batch_size, training in ((5, True), (1, False), (96, False)):
        network.set_mode(training=training)
        with hinting(SIZE_HINT, errors=True):
            logits = network(draw_pictures(rng, batch_size), draw_labels(rng, known, batch_size))
        expect(bool(logits.isfinite().all()), "some logits are NaN or infinite")
    logits = judge(network, draw_pictures(rng, 6), known)
    noticed = NOTICED_LOGIT * float(logits.abs().max())
    apart = weakest_pair(logits.T) > noticed
    expect(apart, "different pictures got the same logit", "Does forward use the pictures it is given?")
    hint = "Does the picture count under each label? Think of what a label of 0 does to a product."
    expect(bool((logits.std(0) > noticed).all()), "under some labels, all pictures got the same logit", hint)


@pytest.mark.points(2)
def test_no_bounds(submission, rng):
    """Logits have no bounds, neither above nor below"""
    network, known = draw_network(submission, rng)
    network.set_mode(training=False)
    pictures, labels = draw_pictures(rng, 8), draw_labels(rng, known, 8)
    start = network.module.parameters()
    found = network(STRONG * pictures, labels).double()
    for _ in range(TRIES):
        if has_no_bounds(found):
            break
        # the same numbers in other places are other weights of the same kind, whatever normalises them
        shuffled = {}
        for name, value in start.items():
            order = torch.randperm(value.numel(), generator=rng)
            sign = float(torch.randint(2, (), generator=rng)) * 2 - 1
            shuffled[name] = 30 * sign * value.flatten()[order].view_as(value)
        network.module.load(shuffled)
        found = torch.cat([found, network(STRONG * pictures, labels).double()])
    lowest, highest = float(found.min()), float(found.max())
    expect(has_no_bounds(found), "however strong pictures and weights are, logits do not pass -1 and 1", LOGIT_HINT)
    stopped = lowest == -highest and highest < STRONG  # to the last bit: nothing but a limit does that
    hint = "Is the logit clamped, or squeezed by a tanh? It has no bounds."
    expect(not stopped, f"strong pictures under strong weights: logits stop at -{highest:.3g} and {highest:.3g}", hint)


@pytest.mark.points(1)
def test_classes(submission, rng):
    """classes may be another number than 10"""
    for args, options in (((3,), {}), ((), {"classes": 13})):
        classes = (*args, *options.values())[0]
        if follow_through.lacks(submission, classes):
            continue
        known = follow_through.known_labels(submission, classes)
        pictures = draw_pictures(rng, 4)
        with hinting("Does classes set how many labels there are?", errors=True):
            network = build(submission, DISCRIMINATOR, pictures, known[[0, -1, -1, -1]], *args, **options)
            logits = judge(network, pictures, known)
        expect(labels_matter(logits), f"with {classes} classes, two labels give the same logits", LABEL_HINT)


@pytest.mark.points(4)
def test_label(submission, rng):
    """The label changes the logit, for every class, in both modes"""
    network, known = draw_network(submission, rng)
    expect(
        labels_matter(judge(network, draw_pictures(rng, 5), known)),
        "the same pictures under two labels got the same logits",
        LABEL_HINT,
    )
    network.set_mode(training=True)
    pictures = draw_pictures(rng, len(known))
    one, other = network(pictures, known), network(pictures, known.roll(1))
    changed = differ(one[None], other[None], NOTICED_LOGIT)
    expect(changed, "in training mode, other labels left the logits as they were", LABEL_HINT)


@pytest.mark.points(4)
def test_label_meets_picture(submission, rng):
    """How much a label changes the logit depends on the picture"""
    network, known = draw_network(submission, rng)
    pictures = draw_pictures(rng, 6)
    for scale in (1, 5):
        logits = judge(network, scale * pictures, known)
        if labels_meet_pictures(logits):
            return
    hint = MEETING_HINT if labels_matter(logits) else LABEL_HINT
    expect(False, "another label changes the logits of all pictures by the same amount", hint)


@pytest.mark.points(2)
def test_own_picture_and_label(submission, rng):
    """In evaluation mode each logit depends on its own picture and its own label only"""
    network, known = draw_network(submission, rng)
    network.set_mode(training=False)
    pictures, labels = draw_pictures(rng, 5), draw_labels(rng, known, 5)
    together = network(pictures, labels)
    expect(bool((together != together[0]).any()), "different pictures and labels got the same logit")
    backwards = network(pictures.flip(0), labels.flip(0)).flip(0)
    expect_close(backwards, together, "the same logits, asked in another order", deep=True, hint=OWN_HINT)
    for place in (0, 3):
        with hinting(SIZE_HINT, errors=True):
            alone = network(pictures[place : place + 1], labels[place : place + 1])
        expect_close(alone[0], together[place], "a logit, asked alone", deep=True, hint=OWN_HINT)
    others = labels.clone()
    others[1] = next(label for label in known if label != labels[1])
    rest = torch.arange(5) != 1
    changed = network(pictures, others)[rest]
    expect_close(changed, together[rest], "logits beside one with another label", deep=True, hint=OWN_HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients reach pictures and every layer"""
    network, known = draw_network(submission, rng)
    expect_gradients(network, "the pictures", draw_pictures(rng, 5), draw_labels(rng, known, 5), rng)
