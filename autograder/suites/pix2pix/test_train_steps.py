"""Hidden tests of discriminator_step and generator_step, on small convolutions under plain gradient descent."""

import pytest
import torch.nn.functional as F

from autograder.compare import expect, expect_close, hinting
from autograder.suites.pix2pix import follow_through, reference
from autograder.suites.pix2pix.players import (
    LEARNING_RATE,
    descent,
    discriminator_step,
    draw_pair,
    draw_players,
    expect_modes,
    flat,
    generator_step,
    set_modes,
    settle,
)

STEPS = {"discriminator_step": discriminator_step, "generator_step": generator_step}
DECAY = 0.3  # of an optimizer that does more than subtract gradients
STALE = 0.5  # what stands in .grad before the step where old gradients are tested
L1_WEIGHT = 3.5  # far from the default
ORDER_HINT = "Are backward and optimizer.step() called, in this order, and no zero_grad between?"
FROZEN_HINT = "Did you give each of the discriminator's parameters its own flag back?"


def learner_of(players, name):
    return getattr(players, name.removesuffix("_step"))


def play(submission, name, players, pair, optimizer=None, **options):
    """One step: what the student's function returned."""
    optimizer = optimizer or descent(submission, learner_of(players, name))
    return submission.call(name, *players.modules, optimizer, *pair, **options)


def own_loss(submission, name, options):
    """The student's own loss of that step, with the arguments that the step gives it."""
    followed = getattr(follow_through, name.replace("_step", "_loss"))(submission)
    return (lambda *args: followed(*args, *options.values())) if options else followed


def right_loss(name, options):
    if name == "discriminator_step":
        return reference.discriminator_loss
    return lambda *args: reference.generator_loss(*args, **options)


def discriminator_mistakes(players, parameters, pair):
    def update(loss=reference.discriminator_loss, **options):
        return lambda: discriminator_step(players, parameters, *pair, loss, **options).movement

    return {
        "Did you swap the targets? Real is 1, fake is 0.": update(lambda r, f: reference.discriminator_loss(-r, -f)),
        "Did the fakes play no part?": update(lambda r, f: F.softplus(-r).mean() / 2),
        "Did the real photos play no part?": update(lambda r, f: F.softplus(f).mean() / 2),
        "Did you run the discriminator on real and fake pairs in one batch?": update(together=True),
        "What is the discriminator's first argument? The sketch comes first.": update(photo_first=True),
        "Does the discriminator judge pairs with their sketch?": update(unconditional=True),
    }


def generator_mistakes(players, parameters, pair, l1_weight):
    def update(loss, **options):
        return lambda: generator_step(players, parameters, *pair, loss, **options).movement

    def full(logits, fake, photo, weight=l1_weight):
        return reference.generator_loss(logits, fake, photo, weight)

    return {
        "Is l1_weight handed on to generator_loss?": update(lambda *args: full(*args, reference.L1_WEIGHT)),
        "Did you leave out the L1 part?": update(lambda logits, fake, photo: full(logits, fake, photo, 0.0)),
        "Does the discriminator's part reach the generator? It belongs into the loss, without a detach.": update(
            lambda logits, fake, photo: l1_weight * reference.l1_loss(fake, photo)
        ),
        "Is the default of l1_weight 100?": update(lambda *args: full(*args, 1.0)),
        "Is the default of l1_weight 100, as in the paper?": update(lambda *args: full(*args, 10.0)),
        "Did you train the fakes towards the target 0? The generator wants them taken for real.": update(
            lambda logits, fake, photo: full(-logits, fake, photo)
        ),
        "What is the discriminator's first argument? The sketch comes first.": update(full, photo_first=True),
        "Is the fake compared with the photo?": lambda: (
            generator_step(players, parameters, pair[0], pair[0], full).movement
        ),
    }


def mistaken_updates(name, players, parameters, pair, right, options):
    learner = learner_of(players, name).name
    known = {
        f"Did the {learner} not move? {ORDER_HINT}": 0 * right,
        f"Did the {learner} go the wrong way? Check the sign of the loss.": -right,
        "Is there a factor of two too much, or a step too many?": 2 * right,
        "Is there a factor of 1/2 too much?": right / 2,
        f"Are old gradients still in the {learner}? Think of zero_grad.": right - LEARNING_RATE * STALE,
        "Was the step taken on old gradients? Backward comes before optimizer.step().": 0 * right
        - LEARNING_RATE * STALE,
    }
    if name == "discriminator_step":
        return known | discriminator_mistakes(players, parameters, pair)
    return known | generator_mistakes(players, parameters, pair, options.get("l1_weight", reference.L1_WEIGHT))


def check_update(submission, name, players, pair, what, optimizer=None, hint="", decay=0.0, fresh=True, **options):
    """Play a step, and compare where the one that learns went; `fresh`: players who are where they started."""
    parameters = players.start if fresh else (players.generator.parameters(), players.discriminator.parameters())
    learner = learner_of(players, name)
    before = parameters[0] if learner is players.generator else parameters[1]
    with hinting(hint, errors=True):
        play(submission, name, players, pair, optimizer, **options)
    got = settle(flat(learner.parameters()) - flat(before))
    shrunk = LEARNING_RATE * decay * flat(before)

    def update(loss):
        return STEPS[name](players, parameters, *pair, loss).movement

    right = update(right_loss(name, options))
    expect_close(
        got,
        right - shrunk,
        what,
        mistakes={} if decay else mistaken_updates(name, players, parameters, pair, right, options),
        forward=False,
        own=lambda: update(own_loss(submission, name, options)) - shrunk,
        hint=hint,
    )


def expect_moved(submission, name, players, pair):
    """A step that does nothing leaves no trace either: that earns nothing, unless the student's own loss is flat."""
    moved = learner_of(players, name).moved()

    def update(loss):
        return STEPS[name](players, players.start, *pair, loss).movement

    expect(
        bool(moved.isfinite().all())
        and (bool(moved.any()) or follow_through.is_flat(update, own_loss(submission, name, {}))),
        f"the {learner_of(players, name).name} did not move, so there is nothing else to look at",
        ORDER_HINT,
    )


def check_updates(submission, rng, name):
    """Two steps in a row, a single pair, and an optimizer that does more than subtract gradients."""
    learner = name.removesuffix("_step")
    players = draw_players(submission, rng)
    optimizer = descent(submission, learner_of(players, name))
    for count, fresh in ((4, True), (3, False)):
        pair = draw_pair(rng, count)
        check_update(submission, name, players, pair, f"the {learner}'s update", optimizer, fresh=fresh)
    players = draw_players(submission, rng)
    check_update(submission, name, players, draw_pair(rng, 1, size=10), f"the {learner}'s update on a single pair")
    players = draw_players(submission, rng)
    check_update(
        submission,
        name,
        players,
        draw_pair(rng, 2),
        "the update by an optimizer with weight decay",
        descent(submission, learner_of(players, name), decay=DECAY),
        hint="Is the update left to optimizer.step()? There is more to it than a learning rate.",
        decay=DECAY,
    )


def check_loss(submission, rng, name):
    """The loss of the step, without its graph."""
    players, pair = draw_players(submission, rng), draw_pair(rng, 3)
    answer = play(submission, name, players, pair)
    expect_moved(submission, name, players, pair)
    with hinting("Do you return the loss, a tensor of shape () or a number?"):
        got = follow_through.ask_number(submission, answer, name.replace("_step", "_loss"))

    def loss_of(loss, parameters=players.start):
        return STEPS[name](players, parameters, *pair, loss).loss

    right = right_loss(name, {})
    want = loss_of(right)
    after = players.generator.parameters(), players.discriminator.parameters()
    expect_close(
        got,
        want,
        "the loss returned",
        mistakes={
            "Is it the loss after the update instead of before?": lambda: loss_of(right, after),
            "Is the sign right?": -want,
            "Is there a factor of two too much?": 2 * want,
            "Is there a factor of 1/2 too much?": want / 2,
            "Is it the whole loss that is returned?": lambda: loss_of(
                lambda logits, *_: F.softplus(-logits).mean(),
            ),
        },
        own=lambda: loss_of(own_loss(submission, name, {})),
    )
    expect(
        answer.is_python_float or not answer.requires_grad,
        "the loss returned still carries its graph",
        "Did you detach the loss before returning it?",
    )


@pytest.mark.points(2)
def test_update_of_the_discriminator(submission, rng):
    """A step moves the discriminator as gradient descent on its loss of both pairs does, and so does the next"""
    check_updates(submission, rng, "discriminator_step")


@pytest.mark.points(1)
def test_pairs_separately(submission, rng):
    """The discriminator sees (sketch, photo) and (sketch, fake) in separate batches (batch norm would mix them)"""
    for count in (4, 3):
        players = draw_players(submission, rng, normalised=True)
        pair = draw_pair(rng, count)
        check_update(submission, "discriminator_step", players, pair, "the update of a discriminator with batch norm")


@pytest.mark.points(1)
def test_loss_of_the_discriminator(submission, rng):
    """discriminator_step returns the loss that was used, without a graph"""
    check_loss(submission, rng, "discriminator_step")


@pytest.mark.points(1)
def test_generator_stays(submission, rng):
    """discriminator_step leaves the generator's parameters, gradients, flags and both modes as they were"""
    name = "discriminator_step"
    for stale in (None, STALE):
        players, pair = draw_players(submission, rng), draw_pair(rng, 2)
        generator = players.generator
        if stale is not None:
            generator.module.fill_gradients(stale)
            set_modes(players, training=False)
        play(submission, name, players, pair)
        expect_moved(submission, name, players, pair)
        expect(
            not generator.moved().any(),
            "the generator's parameters changed during the discriminator's step",
            "Which parameters does this step update?",
        )
        for gradient in generator.gradients().values():
            clean = gradient is None or not gradient.any() or (stale is not None and bool((gradient == stale).all()))
            expect(
                clean,
                "the discriminator's step left a gradient in the generator",
                "Did you detach the fakes from the generator?",
            )
        flags = generator.requires_grad_flags().values()
        expect(all(flags), "the generator is frozen after the discriminator's step", "Did you give its flags back?")
        expect_modes(players, training=stale is None)


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the network that learns play no part, in both steps"""
    for name in STEPS:
        players = draw_players(submission, rng)
        learner_of(players, name).module.fill_gradients(STALE)
        check_update(
            submission,
            name,
            players,
            draw_pair(rng, 2),
            f"{name} with old gradients in the network",
            hint="Is the update right without old gradients? Then think of zero_grad.",
        )


@pytest.mark.points(2)
def test_update_of_the_generator(submission, rng):
    """A step moves the generator as gradient descent on generator_loss does, and so does the next"""
    check_updates(submission, rng, "generator_step")
    players = draw_players(submission, rng, normalised=True)
    check_update(
        submission,
        "generator_step",
        players,
        draw_pair(rng, 3),
        "the update through a discriminator with batch norm",
        hint="Does the discriminator stay in the mode it is in?",
    )


@pytest.mark.points(1)
def test_weight_of_l1(submission, rng):
    """generator_step hands its l1_weight on, and 100 if none is given"""
    for options in ({"l1_weight": L1_WEIGHT}, {}, {"l1_weight": 0.0}):
        players = draw_players(submission, rng)
        what = "the update with l1_weight" if options else "the update without l1_weight"
        check_update(submission, "generator_step", players, draw_pair(rng, 2), what, **options)


@pytest.mark.points(1)
def test_loss_of_the_generator(submission, rng):
    """generator_step returns the loss that was used, without a graph"""
    check_loss(submission, rng, "generator_step")


@pytest.mark.points(1)
def test_discriminator_stays(submission, rng):
    """generator_step leaves the discriminator's parameters, their flags (frozen ones frozen) and both modes alone"""
    name = "generator_step"
    for flag in (True, False):
        players, pair = draw_players(submission, rng), draw_pair(rng, 2)
        players.discriminator.module.freeze(not flag)
        set_modes(players, training=flag)
        play(submission, name, players, pair)
        expect_moved(submission, name, players, pair)
        expect(
            not players.discriminator.moved().any(),
            "the discriminator's parameters changed during the generator's step",
            "Which parameters does this step update?",
        )
        for found in players.discriminator.requires_grad_flags().values():
            state = "can learn" if found else "is frozen"
            expect(found == flag, f"the discriminator {state} after the step, but not before", FROZEN_HINT)
        expect_modes(players, training=flag)
    players, pair = draw_players(submission, rng), draw_pair(rng, 2)
    frozen = submission.layer("Conv2d", 6, 2, 1).freeze()
    layers = submission.layer("Sequential", frozen, submission.layer("Conv2d", 2, 1, 4, 2, 1))
    judge = submission.probe("Recording", layers, ("sketch", "photo"))
    before = judge.requires_grad_flags()
    submission.call(name, players.generator.module, judge, descent(submission, players.generator), *pair)
    kept = judge.requires_grad_flags() == before
    expect(kept, "a discriminator with one layer frozen has other flags after the step", FROZEN_HINT)


@pytest.mark.points(1)
def test_gradients_of_the_discriminator(submission, rng):
    """generator_step leaves the discriminator's gradients as they were: none, or those that stood there"""
    name = "generator_step"
    for stale in (None, STALE):
        players, pair = draw_players(submission, rng), draw_pair(rng, 2)
        if stale is not None:
            players.discriminator.module.fill_gradients(stale)
        play(submission, name, players, pair)
        expect_moved(submission, name, players, pair)
        for gradient in players.discriminator.gradients().values():
            same = gradient is None if stale is None else gradient is not None and bool((gradient == stale).all())
            expect(
                same,
                "the generator's step changed the .grad of the discriminator"
                + (", where there was None before" if stale is None else ""),
                "Did you freeze the discriminator for this step?",
            )
