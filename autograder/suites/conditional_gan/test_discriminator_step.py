"""Hidden tests of discriminator_step, on small linear players under plain gradient descent."""

import pytest
import torch

from autograder.compare import expect, expect_close
from autograder.suites.conditional_gan import reference
from autograder.suites.conditional_gan.players import (
    LEARNING_RATE,
    UNBOUNDED,
    descent,
    draw_images,
    draw_labels,
    draw_noise,
    draw_one_class,
    draw_players,
    expect_modes,
    expect_moved,
    flat,
    settle,
)

NAME = "discriminator_step"
DECAY = 0.3  # of an optimizer that does more than subtract gradients
STALE = 0.5  # what stands in .grad before the step where old gradients are tested
STILL_HINT = "Are backward and optimizer.step() called, in this order?"


def play(submission, players, batch, optimizer=None):
    """One step on (real, labels, noise): what the student's function returned."""
    optimizer = optimizer or descent(submission, players.discriminator)
    return submission.call(NAME, *players.modules, optimizer, *batch)


def draw_batch(rng, count, labels=draw_labels):
    """(real, labels, noise)"""
    return draw_images(rng, count), labels(rng, count), draw_noise(rng, count)


def updates(generator, discriminator, batch, **mistake):
    """The displacement of the discriminator after one step of gradient descent."""
    return -LEARNING_RATE * flat(reference.discriminator_step(generator, discriminator, *batch, **mistake).gradients)


def mistaken_labels(labels):
    """Hint -> which labels were used where."""
    flipped, nought = labels.flip(0), torch.zeros_like(labels)
    return {
        "Are the fakes made for the labels of the real batch?": [
            {"painted_for": other} for other in (flipped, nought, labels.roll(1), labels.roll(-1))
        ],
        "Which labels does the discriminator get with the fakes? Those that they were made for.": [
            {"judged_as": other} for other in (flipped, nought, labels.roll(1), labels.roll(-1))
        ],
        "Which labels does the discriminator get with the real pictures?": [
            {"real_judged_as": other} for other in (flipped, nought, labels.roll(1), labels.roll(-1))
        ],
        "Do real pictures and their labels stay together? If you shuffle, then both alike.": [
            {"real_judged_as": other, "judged_as": other} for other in (flipped, labels.roll(1), nought)
        ],
        "Are the fakes made for the labels that the discriminator is told?": [
            {"painted_for": flipped, "judged_as": flipped},
            {"painted_for": nought, "judged_as": nought},
        ],
    }


def mistaken_updates(generator, discriminator, batch):
    def update(**mistake):
        return lambda: updates(generator, discriminator, batch, **mistake)

    right = updates(generator, discriminator, batch)
    return {
        "Did the discriminator not move? Are backward and optimizer.step() called, in this order?": 0 * right,
        "Did the discriminator go uphill? Check the sign of the loss.": -right,
        "Did you swap real and fake?": update(targets=(0.0, 1.0)),
        "Did you add the two losses instead of averaging them, or step twice?": 2 * right,
        "Did the fakes play no part?": update(weights=(0.5, 0.0)),
        "Did the real pictures play no part?": update(weights=(0.0, 0.5)),
        "Are old gradients still in the discriminator? Think of zero_grad.": right - LEARNING_RATE * STALE,
        "Was the step taken on old gradients? Backward comes before optimizer.step().": 0 * right
        - LEARNING_RATE * STALE,
        "Did you sum over the batch instead of averaging?": len(batch[1]) * right,
    }


def check_update(submission, players, batch, what, optimizer=None, hint="", decay=0.0, labels_count=False, again=False):
    """Play a step from where the players are now, and compare where the discriminator went."""
    generator, before = players.start
    if again:
        generator, before = players.generator.parameters(), players.discriminator.parameters()
    play(submission, players, batch, optimizer)
    got = settle(flat(players.discriminator.parameters()) - flat(before))
    mistakes = {} if decay else mistaken_updates(generator, before, batch)
    if labels_count:
        for name, mixed in mistaken_labels(batch[1]).items():
            closest = min((updates(generator, before, batch, **each) for each in mixed), key=lambda u: (u - got).norm())
            mistakes[name] = closest
    shrunk = LEARNING_RATE * decay * flat(before)
    want = updates(generator, before, batch) - shrunk
    unbounded = "" if got.isfinite().all() else UNBOUNDED
    expect_close(got, want, what, mistakes=mistakes, forward=False, hint=unbounded or hint)


@pytest.mark.points(4)
def test_update(submission, rng):
    """One step moves the discriminator as gradient descent on its loss does"""
    for count in (6, 3):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_batch(rng, count, draw_one_class), "the discriminator's update")
    players = draw_players(submission, rng)
    check_update(
        submission,
        players,
        draw_batch(rng, 4, draw_one_class),
        "the update by an optimizer with weight decay",
        descent(submission, players.discriminator, decay=DECAY),
        hint="Is the update left to optimizer.step()? There is more to it than a learning rate.",
        decay=DECAY,
    )


@pytest.mark.points(3)
def test_labels(submission, rng):
    """Fakes are made and judged for the labels of the real pictures, and each picture under its own label"""
    for count in (7, 2):
        players = draw_players(submission, rng)
        batch = draw_batch(rng, count)
        hint = "Is the update right where all labels are the same? Then follow the labels through the step."
        what = "the update on a batch of several classes"
        check_update(submission, players, batch, what, hint=hint, labels_count=True)


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the discriminator before the step play no part"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.discriminator)
    players.discriminator.module.fill_gradients(STALE)
    for again, what in enumerate(("update with old gradients in the discriminator", "update in a second step")):
        check_update(
            submission,
            players,
            draw_batch(rng, 4, draw_one_class),
            what,
            optimizer,
            hint="Is the update right without old gradients? Then think of zero_grad.",
            again=bool(again),
        )


@pytest.mark.points(1)
def test_real_and_fake_separately(submission, rng):
    """The discriminator is asked for real and fake pictures in separate calls (batch norm would mix them)"""
    players = draw_players(submission, rng)
    play(submission, players, draw_batch(rng, 5, draw_one_class))
    expect_moved(players.discriminator, STILL_HINT)
    given = [call.inputs[0].tensor((None, 1, 28, 28), None) for call in players.discriminator.module.calls()]
    expect(
        all(len(images) <= 5 for images in given),
        "the discriminator was given real pictures and fakes in one batch",
        "Are there two calls of the discriminator, one for the real pictures and one for the fakes?",
    )


@pytest.mark.points(1)
def test_batch_sizes(submission, rng):
    """Any batch size works"""
    for count in (1, 5, 96):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_batch(rng, count, draw_one_class), f"update with batches of {count}")


@pytest.mark.points(1)
def test_returned_loss(submission, rng):
    """It returns the loss that was used for the step"""
    for count in (5, 7):
        players = draw_players(submission, rng)
        batch = draw_batch(rng, count, draw_one_class)
        generator, before = players.start
        got = play(submission, players, batch).number(tensor_ok=True)

        def loss_of(discriminator, generator=generator, batch=batch, **mistake):
            return reference.discriminator_step(generator, discriminator, *batch, **mistake).loss

        want = loss_of(before)
        expect_close(
            got,
            want,
            "the loss returned",
            mistakes={
                "Is it the loss after the update instead of before?": lambda loss_of=loss_of, players=players: loss_of(
                    players.discriminator.parameters()
                ),
                "Did you add the two losses instead of averaging them?": 2 * want,
                "Did you swap real and fake?": loss_of(before, targets=(0.0, 1.0)),
                "Is it the loss of the real pictures only?": loss_of(before, weights=(1.0, 0.0)),
                "Is it the loss of the fakes only?": loss_of(before, weights=(0.0, 1.0)),
                "Is the sign right?": -want,
            },
        )


@pytest.mark.points(1)
def test_loss_is_detached(submission, rng):
    """The loss returned is a Python float, or at least carries no graph"""
    players = draw_players(submission, rng)
    loss = play(submission, players, draw_batch(rng, 4, draw_one_class))
    hint = "Is it the loss of this batch, from before the update?"
    expect(abs(loss.number(tensor_ok=True)) > 1e-6, "the loss returned is zero", hint)
    expect_moved(players.discriminator, STILL_HINT)
    expect(
        loss.is_python_float or not loss.requires_grad,
        "the loss returned still carries its graph",
        "Did you take the number out of the loss before returning it?",
    )


@pytest.mark.points(1)
def test_generator_stays(submission, rng):
    """The generator's parameters, their requires_grad flags, and the modes of both networks stay as they were"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.discriminator)
    for _ in range(3):  # after an even number, what a step turns round would be back in its place
        play(submission, players, draw_batch(rng, 4, draw_one_class), optimizer)
    expect_moved(players.discriminator, STILL_HINT)
    expect(
        not players.generator.moved().any(),
        "the generator's parameters changed during the discriminator's step",
        "Which parameters does this step update?",
    )
    for player in (players.generator, players.discriminator):
        frozen = [name for name, flag in player.requires_grad_flags().items() if not flag]
        hint = "Did you give its flag back?"
        expect(not frozen, f"the {player.name}'s {frozen} can learn no more after the discriminator's step", hint)
    expect_modes(players)


@pytest.mark.points(1)
def test_no_gradient_in_generator(submission, rng):
    """The step leaves no gradient in the generator"""
    for stale in (None, STALE):
        players = draw_players(submission, rng)
        if stale is not None:
            players.generator.module.fill_gradients(stale)
        play(submission, players, draw_batch(rng, 4, draw_one_class))
        expect_moved(players.discriminator, STILL_HINT)
        for name, gradient in players.generator.gradients().items():
            clean = gradient is None or not gradient.any() or (stale is not None and bool((gradient == stale).all()))
            expect(
                clean,
                f"the discriminator's step left a gradient in the generator's {name}",
                "Did you detach the fakes from the generator?",
            )
