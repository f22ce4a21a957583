"""Hidden tests of generator_step, on small linear players under plain gradient descent."""

import pytest
import torch

from autograder.compare import expect, expect_close
from autograder.suites.conditional_gan import reference
from autograder.suites.conditional_gan.players import (
    LEARNING_RATE,
    UNBOUNDED,
    descent,
    draw_labels,
    draw_noise,
    draw_one_class,
    draw_players,
    expect_modes,
    expect_moved,
    flat,
    settle,
)

NAME = "generator_step"
DECAY = 0.3  # of an optimizer that does more than subtract gradients
STALE = 0.5  # what stands in .grad before the step where old gradients are tested
STILL_HINT = "Does the gradient get through to the generator, and does the optimizer step?"
FROZEN_HINT = "Did you give each of the discriminator's parameters its own flag back?"


def play(submission, players, batch, optimizer=None):
    """One step on (labels, noise): what the student's function returned."""
    optimizer = optimizer or descent(submission, players.generator)
    return submission.call(NAME, *players.modules, optimizer, *batch)


def draw_batch(rng, count, labels=draw_labels):
    """(labels, noise)"""
    return labels(rng, count), draw_noise(rng, count)


def updates(generator, discriminator, batch, **mistake):
    """The displacement of the generator after one step of gradient descent."""
    return -LEARNING_RATE * flat(reference.generator_step(generator, discriminator, *batch, **mistake).gradients)


def mistaken_labels(labels):
    """Hint -> which labels were used where."""
    others = (labels.flip(0), torch.zeros_like(labels), labels.roll(1), labels.roll(-1))
    return {
        "Which labels does the generator get?": [{"painted_for": other} for other in others],
        "Which labels does the discriminator get with the fakes? Those that they were made for.": [
            {"judged_as": other} for other in others
        ],
        "Do labels and noise belong together line by line?": [
            {"painted_for": other, "judged_as": other} for other in others
        ],
    }


def mistaken_updates(generator, discriminator, batch):
    def update(**mistake):
        return lambda: updates(generator, discriminator, batch, **mistake)

    right = updates(generator, discriminator, batch)
    return {
        "Did the generator not move? Does the gradient get through (no detach here), and does the optimizer step?": 0
        * right,
        "Did the generator go the wrong way? Check the sign of the loss.": -right,
        "Did you train with the saturating loss? The text asks for generator_loss.": update(saturating=True),
        "Did you train the fakes towards the target 0? The generator wants them taken for real.": update(target=0.0),
        "Is there a factor 1/2? It belongs to the discriminator's loss only.": right / 2,
        "Is the loss counted twice, or stepped on twice?": 2 * right,
        "Are old gradients still in the generator? Think of zero_grad.": right - LEARNING_RATE * STALE,
        "Was the step taken on old gradients? Backward comes before optimizer.step().": 0 * right
        - LEARNING_RATE * STALE,
        "Did you sum over the batch instead of averaging?": len(batch[0]) * right,
    }


def check_update(submission, players, batch, what, optimizer=None, hint="", decay=0.0, labels_count=False, again=False):
    """Play a step from where the players are now, and compare where the generator went."""
    before, discriminator = players.start
    if again:
        before, discriminator = players.generator.parameters(), players.discriminator.parameters()
    play(submission, players, batch, optimizer)
    got = settle(flat(players.generator.parameters()) - flat(before))
    mistakes = {} if decay else mistaken_updates(before, discriminator, batch)
    if labels_count:
        for name, mixed in mistaken_labels(batch[0]).items():
            mistakes[name] = min(
                (updates(before, discriminator, batch, **each) for each in mixed), key=lambda u: (u - got).norm()
            )
    shrunk = LEARNING_RATE * decay * flat(before)
    want = updates(before, discriminator, batch) - shrunk
    unbounded = "" if got.isfinite().all() else UNBOUNDED
    expect_close(got, want, what, mistakes=mistakes, forward=False, hint=unbounded or hint)


@pytest.mark.points(4)
def test_update(submission, rng):
    """One step moves the generator as gradient descent on generator_loss does"""
    for count in (6, 3):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_batch(rng, count, draw_one_class), "the generator's update")
    players = draw_players(submission, rng)
    check_update(
        submission,
        players,
        draw_batch(rng, 4, draw_one_class),
        "the update by an optimizer with weight decay",
        descent(submission, players.generator, decay=DECAY),
        hint="Is the update left to optimizer.step()? There is more to it than a learning rate.",
        decay=DECAY,
    )


@pytest.mark.points(3)
def test_labels(submission, rng):
    """The generator paints for the labels, and each picture is judged under its own"""
    for count in (7, 2):
        players = draw_players(submission, rng)
        hint = "Is the update right where all labels are the same? Then follow the labels through the step."
        what = "the update on a batch of several classes"
        check_update(submission, players, draw_batch(rng, count), what, hint=hint, labels_count=True)


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the generator before the step play no part"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.generator)
    players.generator.module.fill_gradients(STALE)
    for again, what in enumerate(("update with old gradients in the generator", "update in a second step")):
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
def test_batch_sizes(submission, rng):
    """Any number of labels and noise vectors works"""
    for count in (1, 5, 96):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_batch(rng, count, draw_one_class), f"update with batches of {count}")


@pytest.mark.points(1)
def test_returned_loss(submission, rng):
    """It returns the loss that was used for the step"""
    for count in (5, 7):
        players = draw_players(submission, rng)
        batch = draw_batch(rng, count, draw_one_class)
        before, discriminator = players.start
        got = play(submission, players, batch).number(tensor_ok=True)

        def loss_of(generator, discriminator=discriminator, batch=batch, **mistake):
            return reference.generator_step(generator, discriminator, *batch, **mistake).loss

        want = loss_of(before)
        expect_close(
            got,
            want,
            "the loss returned",
            mistakes={
                "Is it the loss after the update instead of before?": lambda loss_of=loss_of, players=players: loss_of(
                    players.generator.parameters()
                ),
                "Did you train with the saturating loss? The text asks for generator_loss.": loss_of(
                    before, saturating=True
                ),
                "Did you train the fakes towards the target 0?": loss_of(before, target=0.0),
                "Is there a factor 1/2? It belongs to the discriminator's loss only.": want / 2,
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
    expect_moved(players.generator, STILL_HINT)
    expect(
        loss.is_python_float or not loss.requires_grad,
        "the loss returned still carries its graph",
        "Did you take the number out of the loss before returning it?",
    )


@pytest.mark.points(1)
def test_discriminator_stays(submission, rng):
    """The discriminator's parameters, their requires_grad flags (frozen ones frozen) and all modes stay as they were"""
    for flag, spare in ((True, None), (False, None), (True, False), (False, True)):
        players = draw_players(submission, rng)
        discriminator = players.discriminator.module
        discriminator.freeze(not flag)
        if spare is not None:  # a layer with flags of its own; it computes nothing
            layer = submission.layer("Linear", 2, 2)
            layer.freeze(not spare)
            discriminator.method("add_module", "spare", layer)
        before, start = discriminator.requires_grad_flags(), discriminator.parameters()
        optimizer = descent(submission, players.generator)
        for _ in range(3):  # after an even number, what a step turns round would be back in its place
            play(submission, players, draw_batch(rng, 4, draw_one_class), optimizer)
        expect_moved(players.generator, STILL_HINT)
        now = discriminator.parameters()
        same = now.keys() == start.keys() and all(torch.equal(now[name], start[name]) for name in start)
        expect(
            same,
            "the discriminator's parameters changed during the generator's step",
            "Which parameters does this step update?",
        )
        for name, found in discriminator.requires_grad_flags().items():
            state = "can learn" if found else "is frozen"
            expect(
                found == before[name],
                f"the discriminator's {name[:60]} {state} after the step, but not before",
                FROZEN_HINT,
            )
        expect_modes(players)


@pytest.mark.points(1)
def test_no_gradient_in_discriminator(submission, rng):
    """A discriminator without gradients has none after the step"""
    players = draw_players(submission, rng)
    for _ in range(2):
        play(submission, players, draw_batch(rng, 4, draw_one_class))
    expect_moved(players.generator, STILL_HINT)
    for name, gradient in players.discriminator.gradients().items():
        empty = gradient is not None and not gradient.any()
        left = "zeros where there was None" if empty else "a gradient"
        expect(
            gradient is None,
            f"the generator's step left {left} in the .grad of the discriminator's {name}",
            "Did you freeze the discriminator for this step?",
        )


@pytest.mark.points(1)
def test_gradients_in_discriminator_stay(submission, rng):
    """Gradients that stood in the discriminator before the step stay as they were"""
    players = draw_players(submission, rng)
    players.discriminator.module.fill_gradients(STALE)
    play(submission, players, draw_batch(rng, 4, draw_one_class))
    expect_moved(players.generator, STILL_HINT)
    for name, gradient in players.discriminator.gradients().items():
        expect(
            gradient is not None and torch.equal(gradient, torch.full_like(gradient, STALE)),
            f"the generator's step changed the gradient that stood in the discriminator's {name}",
            "Did you freeze the discriminator for this step, or clear its gradients?",
        )
