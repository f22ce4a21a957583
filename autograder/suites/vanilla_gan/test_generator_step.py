"""Hidden tests of generator_step, on small linear players under plain gradient descent."""

import pytest
import torch

from autograder.compare import expect, expect_close
from autograder.suites.vanilla_gan import follow_through, reference
from autograder.suites.vanilla_gan.players import (
    LEARNING_RATE,
    NOISE_DIM,
    PIXELS,
    STEEP,
    clip,
    descent,
    draw_noise,
    draw_players,
    expect_modes,
    flat,
    hinting_at_graph,
    settle,
)

NAME = "generator_step"
DECAY = 0.3  # of an optimizer that does more than subtract gradients
STALE = 0.5  # what stands in .grad before the step where old gradients are tested
FROZEN_HINT = "Did you give each of the discriminator's parameters its own flag back?"


def play(submission, players, noise, optimizer=None):
    """One step: what the student's function returned."""
    optimizer = optimizer or descent(submission, players.generator)
    with hinting_at_graph():
        return submission.call(NAME, *players.modules, optimizer, noise)


def updates(generator, discriminator, noise, loss=reference.generator_loss):
    """The displacement of the generator after one step of gradient descent."""
    return -LEARNING_RATE * flat(reference.generator_step(generator, discriminator, noise, loss).gradients)


def mistaken_updates(generator, discriminator, noise):
    def update(loss):
        return lambda: updates(generator, discriminator, noise, loss)

    right = updates(generator, discriminator, noise)
    return {
        "Did the generator not move? Does the gradient get through (no detach here), and does the optimizer step?": 0
        * right,
        "Did the generator go the wrong way? Check the sign of the loss.": -right,
        "Did you train with the minimax loss instead of generator_loss?": update(reference.minimax_generator_loss),
        "Did you train the fakes towards the target 0? The generator wants them taken for real.": update(
            lambda s: -reference.minimax_generator_loss(s)
        ),
        "Is there a factor 1/2? It belongs to the discriminator's loss only.": right / 2,
        "Is the loss counted twice, or stepped on twice?": 2 * right,
        "Did you clip the gradient? The text asks for the step as it is.": clip(right),
        "Are old gradients still in the generator? Think of zero_grad.": right - LEARNING_RATE * STALE,
        "Was the step taken on old gradients? Backward comes before optimizer.step().": 0 * right
        - LEARNING_RATE * STALE,
    }


def check_update(submission, players, noise, what, optimizer=None, hint="", decay=0.0):
    """Play a step from where the players are now, and compare where the generator went."""
    before, discriminator = players.generator.parameters(), players.discriminator.parameters()
    play(submission, players, noise, optimizer)
    got = settle(flat(players.generator.parameters()) - flat(before))
    shrunk = LEARNING_RATE * decay * flat(before)
    expect_close(
        got,
        updates(before, discriminator, noise) - shrunk,
        what,
        mistakes={} if decay else mistaken_updates(before, discriminator, noise),
        forward=False,
        own=[
            lambda loss=loss: updates(before, discriminator, noise, loss) - shrunk
            for loss in follow_through.generator_losses(submission)
        ],
        hint=hint,
    )


def expect_moved(submission, players, noise):
    """A step that does nothing leaves no trace either: that earns nothing, unless the student's own loss is flat."""
    moved = players.generator.moved()
    own = follow_through.generator_losses(submission)
    expect(
        bool(moved.isfinite().all())
        and (bool(moved.any()) or follow_through.is_flat(lambda loss: updates(*players.start, noise, loss), own)),
        "the generator did not move, so there is nothing else to look at",
        "Does the gradient get through to the generator, and does the optimizer step?",
    )


@pytest.mark.points(2)
def test_update(submission, rng):
    """One step moves the generator as gradient descent on generator_loss does"""
    for count in (6, 3):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_noise(rng, count), "the generator's update")
    players, noise = draw_players(submission, rng), torch.zeros(5, NOISE_DIM)
    while float(updates(*players.start, noise).norm()) < STEEP:
        noise = 20 * draw_noise(rng, 5)
    check_update(submission, players, noise, "the generator's update by a large gradient")
    players = draw_players(submission, rng)
    check_update(
        submission,
        players,
        draw_noise(rng, 4),
        "the update by an optimizer with weight decay",
        descent(submission, players.generator, decay=DECAY),
        hint="Is the update left to optimizer.step()? There is more to it than a learning rate.",
        decay=DECAY,
    )


@pytest.mark.points(1)
def test_update_through_batch_norm(submission, rng):
    """One step is right for a discriminator with batch norm in training mode, too"""
    for count in (6, 5):
        players = draw_players(submission, rng, normalised=True)
        check_update(
            submission,
            players,
            draw_noise(rng, count),
            "the update through a discriminator with batch norm",
            hint="Does the discriminator stay in the mode it is in?",
        )


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the generator before the step play no part"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.generator)
    players.generator.module.fill_gradients(STALE)
    for what in ("update with old gradients in the generator", "update in a second step"):
        check_update(
            submission,
            players,
            draw_noise(rng, 4),
            what,
            optimizer,
            hint="Is the update right without old gradients? Then think of zero_grad.",
        )


@pytest.mark.points(1)
def test_batch_sizes(submission, rng):
    """Any number of noise vectors works"""
    for count in (1, 5, 96):
        players = draw_players(submission, rng)
        check_update(submission, players, draw_noise(rng, count), f"update with {count} noise vectors")


@pytest.mark.points(1)
def test_returned_loss(submission, rng):
    """It returns the loss that was used for the step"""
    for count in (5, 7):
        players = draw_players(submission, rng)
        noise = draw_noise(rng, count)
        before, discriminator = players.start
        got = follow_through.ask_number(submission, play(submission, players, noise))

        def loss_of(generator, loss=reference.generator_loss, discriminator=discriminator, noise=noise):
            return reference.generator_step(generator, discriminator, noise, loss).loss

        want = loss_of(before)
        minimax = loss_of(before, reference.minimax_generator_loss)
        expect_close(
            got,
            want,
            "the loss returned",
            mistakes={
                "Is it the loss after the update instead of before?": lambda loss_of=loss_of, players=players: loss_of(
                    players.generator.parameters()
                ),
                "Did you train with the minimax loss instead of generator_loss?": minimax,
                "Did you train the fakes towards the target 0?": -minimax,
                "Is the sign right?": -want,
            },
            own=[
                lambda loss=loss, loss_of=loss_of, before=before: loss_of(before, loss)
                for loss in follow_through.generator_losses(submission)
            ],
        )


@pytest.mark.points(1)
def test_loss_is_detached(submission, rng):
    """The loss returned carries no graph"""
    players = draw_players(submission, rng)
    noise = draw_noise(rng, 4)
    loss = play(submission, players, noise)
    expect(abs(follow_through.ask_number(submission, loss)) > 1e-6, "the loss returned is zero")
    expect_moved(submission, players, noise)
    expect(
        loss.is_python_float or not loss.requires_grad,
        "the loss returned still carries its graph",
        "Did you detach the loss before returning it?",
    )


@pytest.mark.points(1)
def test_discriminator_stays(submission, rng):
    """The discriminator's parameters, their requires_grad flags (frozen ones frozen) and all modes stay as they were"""
    for flag in (True, False):
        players = draw_players(submission, rng)
        players.discriminator.module.freeze(not flag)
        optimizer = descent(submission, players.generator)
        noise = draw_noise(rng, 4)
        for _ in range(2):
            play(submission, players, noise, optimizer)
        expect_moved(submission, players, noise)
        expect(
            not players.discriminator.moved().any(),
            "the discriminator's parameters changed during the generator's step",
            "Which parameters does this step update?",
        )
        for name, found in players.discriminator.requires_grad_flags().items():
            state = "can learn" if found else "is frozen"
            expect(found == flag, f"the discriminator's {name} {state} after the step, but not before", FROZEN_HINT)
        expect_modes(players, players.generator)
    wide, narrow, free = (submission.layer("Linear", *sizes) for sizes in ((PIXELS, 3), (3, 3), (3, 1)))
    for frozen, layers in ((narrow, (wide, narrow, free)), (wide, (wide, free))):
        frozen.freeze()
        flatten = submission.layer("Flatten"), submission.layer("Flatten", 0)
        discriminator = submission.layer("Sequential", flatten[0], *layers, flatten[1])
        before = discriminator.requires_grad_flags()
        players = draw_players(submission, rng)
        generator = players.generator
        submission.call(NAME, generator.module, discriminator, descent(submission, generator), draw_noise(rng, 4))
        kept = discriminator.requires_grad_flags() == before
        expect(kept, "a discriminator with some layers frozen has other flags after the step", FROZEN_HINT)


@pytest.mark.points(1)
def test_no_gradient_in_discriminator(submission, rng):
    """A discriminator without gradients has none after the step"""
    players = draw_players(submission, rng)
    noise = draw_noise(rng, 4)
    for _ in range(2):
        play(submission, players, noise)
    expect_moved(submission, players, noise)
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
    noise = draw_noise(rng, 4)
    play(submission, players, noise)
    expect_moved(submission, players, noise)
    for name, gradient in players.discriminator.gradients().items():
        expect(
            gradient is not None and torch.equal(gradient, torch.full_like(gradient, STALE)),
            f"the generator's step changed the gradient that stood in the discriminator's {name}",
            "Did you freeze the discriminator for this step, or clear its gradients?",
        )
