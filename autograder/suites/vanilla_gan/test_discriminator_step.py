"""Hidden tests of discriminator_step, on small linear players under plain gradient descent."""

import pytest
import torch

from autograder.compare import expect, expect_close
from autograder.sandbox.proxy import StudentRaised
from autograder.suites.vanilla_gan import follow_through, reference
from autograder.suites.vanilla_gan.players import (
    LEARNING_RATE,
    NOISE_DIM,
    STEEP,
    clip,
    descent,
    draw_images,
    draw_noise,
    draw_players,
    expect_modes,
    flat,
    hinting_at_graph,
    settle,
)

NAME = "discriminator_step"
DECAY = 0.3  # of an optimizer that does more than subtract gradients
STALE = 0.5  # what stands in .grad before the step where old gradients are tested


def play(submission, players, real, noise, optimizer=None):
    """One step: what the student's function returned."""
    optimizer = optimizer or descent(submission, players.discriminator)
    with hinting_at_graph():
        return submission.call(NAME, *players.modules, optimizer, real, noise)


def updates(generator, discriminator, real, noise, loss=reference.discriminator_loss, **options):
    """The displacement of the discriminator after one step of gradient descent."""
    step = reference.discriminator_step(generator, discriminator, real, noise, loss, **options)
    return -LEARNING_RATE * flat(step.gradients)


def mistaken_updates(generator, discriminator, real, noise):
    def update(loss=reference.discriminator_loss, **options):
        return lambda: updates(generator, discriminator, real, noise, loss, **options)

    right = updates(generator, discriminator, real, noise)
    return {
        "Did the discriminator not move? Are backward and optimizer.step() called, in this order?": 0 * right,
        "Did the discriminator go uphill? Check the sign of the loss.": -right,
        "Did you swap the labels of real and fake?": update(lambda r, f: reference.discriminator_loss(-r, -f)),
        "Did you swap real and fake?": update(lambda r, f: reference.discriminator_loss(f, r)),
        "Did you add the two losses instead of averaging them, or step twice?": 2 * right,
        "Did you clip the gradient? The text asks for the step as it is.": clip(right),
        "Did the fakes play no part?": update(lambda r, f: reference.bce_with_logits(r, torch.ones_like(r)) / 2),
        "Did the real pictures play no part?": update(
            lambda r, f: reference.bce_with_logits(f, torch.zeros_like(f)) / 2
        ),
        "Are old gradients still in the discriminator? Think of zero_grad.": right - LEARNING_RATE * STALE,
        "Was the step taken on old gradients? Backward comes before optimizer.step().": 0 * right
        - LEARNING_RATE * STALE,
        "Did you run the discriminator on real and fake pictures in one batch?": update(together=True),
        "Did you swap the labels, and run real and fake pictures in one batch?": update(
            lambda r, f: reference.discriminator_loss(-r, -f), together=True
        ),
    }


def check_update(submission, players, real, noise, what, optimizer=None, hint="", decay=0.0):
    """Play a step from where the players are now, and compare where the discriminator went."""
    generator, before = players.generator.parameters(), players.discriminator.parameters()
    play(submission, players, real, noise, optimizer)
    after = players.discriminator.parameters()
    got = settle(flat(after) - flat(before))
    shrunk = LEARNING_RATE * decay * flat(before)
    expect_close(
        got,
        updates(generator, before, real, noise) - shrunk,
        what,
        mistakes={} if decay else mistaken_updates(generator, before, real, noise),
        forward=False,
        own=[
            lambda loss=loss: updates(generator, before, real, noise, loss) - shrunk
            for loss in follow_through.discriminator_losses(submission)
        ],
        hint=hint,
    )


def expect_moved(submission, players, real, noise):
    """A step that does nothing leaves no trace either: that earns nothing, unless the student's own loss is flat."""
    moved = players.discriminator.moved()
    own = follow_through.discriminator_losses(submission)
    expect(
        bool(moved.isfinite().all())
        and (bool(moved.any()) or follow_through.is_flat(lambda loss: updates(*players.start, real, noise, loss), own)),
        "the discriminator did not move, so there is nothing else to look at",
        "Are backward and optimizer.step() called, in this order?",
    )


def loss_takes_any_sizes(submission):
    """A loss that raises for batches of different size has cost its points already."""
    try:
        submission.call("discriminator_loss", torch.zeros(3), torch.zeros(2))
    except StudentRaised:
        return False
    return True


@pytest.mark.points(3)
def test_update(submission, rng):
    """One step moves the discriminator as gradient descent on its loss does, and so does the next"""
    for count in (6, 3):
        players = draw_players(submission, rng)
        optimizer = descent(submission, players.discriminator)
        check_update(
            submission,
            players,
            draw_images(rng, count),
            draw_noise(rng, count),
            "the discriminator's update",
            optimizer,
        )
    players, real, noise = draw_players(submission, rng), draw_images(rng, 5), torch.zeros(5, NOISE_DIM)
    while float(updates(*players.start, real, noise).norm()) < STEEP:
        noise = 20 * draw_noise(rng, 5)
    check_update(submission, players, real, noise, "the discriminator's update by a large gradient")
    players = draw_players(submission, rng)
    check_update(
        submission,
        players,
        draw_images(rng, 4),
        draw_noise(rng, 4),
        "the update by an optimizer with weight decay",
        descent(submission, players.discriminator, decay=DECAY),
        hint="Is the update left to optimizer.step()? There is more to it than a learning rate.",
        decay=DECAY,
    )


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the discriminator before the step play no part"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.discriminator)
    players.discriminator.module.fill_gradients(STALE)
    for what in ("update with old gradients in the discriminator", "update in a second step"):
        check_update(
            submission,
            players,
            draw_images(rng, 4),
            draw_noise(rng, 4),
            what,
            optimizer,
            hint="Is the update right without old gradients? Then think of zero_grad.",
        )


@pytest.mark.points(1)
def test_real_and_fake_separately(submission, rng):
    """The discriminator sees real and fake pictures in separate batches (batch norm would mix them)"""
    for count in (6, 5):
        players = draw_players(submission, rng, normalised=True)
        real, noise = draw_images(rng, count), draw_noise(rng, count)
        check_update(submission, players, real, noise, "the update of a discriminator with batch norm")


@pytest.mark.points(1)
def test_batch_sizes(submission, rng):
    """Any number of real pictures and of noise vectors works, and they need not be equal"""
    for reals, fakes in ((1, 1), (96, 96), (5, 2), (3, 96), (96, 5)):
        if reals != fakes and not loss_takes_any_sizes(submission):
            continue
        players = draw_players(submission, rng)
        check_update(
            submission,
            players,
            draw_images(rng, reals),
            draw_noise(rng, fakes),
            f"update with {reals} real pictures and {fakes} noise vectors",
            hint="" if reals == fakes else "Do the targets of the fakes have the size of the fake batch?",
        )


@pytest.mark.points(1)
def test_returned_loss(submission, rng):
    """It returns the loss that was used for the step"""
    for count in (5, 7):
        players = draw_players(submission, rng)
        real, noise = draw_images(rng, count), draw_noise(rng, count)
        generator, before = players.start
        got = follow_through.ask_number(submission, play(submission, players, real, noise))

        def loss_of(discriminator, loss=reference.discriminator_loss, generator=generator, real=real, noise=noise):
            return reference.discriminator_step(generator, discriminator, real, noise, loss).loss

        want = loss_of(before)
        real_term = loss_of(before, lambda r, f: reference.bce_with_logits(r, torch.ones_like(r)))
        expect_close(
            got,
            want,
            "the loss returned",
            mistakes={
                "Is it the loss after the update instead of before?": lambda loss_of=loss_of, players=players: loss_of(
                    players.discriminator.parameters()
                ),
                "Did you add the two losses instead of averaging them?": 2 * want,
                "Did you swap the labels of real and fake?": loss_of(
                    before, lambda r, f: reference.discriminator_loss(-r, -f)
                ),
                "Is it the loss of the real pictures only?": real_term,
                "Is it the loss of the fakes only?": 2 * want - real_term,
                "Is the sign right?": -want,
            },
            own=[
                lambda loss=loss, loss_of=loss_of, before=before: loss_of(before, loss)
                for loss in follow_through.discriminator_losses(submission)
            ],
        )


@pytest.mark.points(1)
def test_loss_is_detached(submission, rng):
    """The loss returned carries no graph"""
    players = draw_players(submission, rng)
    real, noise = draw_images(rng, 4), draw_noise(rng, 4)
    loss = play(submission, players, real, noise)
    expect(abs(follow_through.ask_number(submission, loss)) > 1e-6, "the loss returned is zero")
    expect_moved(submission, players, real, noise)
    expect(
        loss.is_python_float or not loss.requires_grad,
        "the loss returned still carries its graph",
        "Did you detach the loss before returning it?",
    )


@pytest.mark.points(1)
def test_generator_stays(submission, rng):
    """The generator's parameters, their requires_grad flags, and the modes of both networks stay as they were"""
    players = draw_players(submission, rng)
    optimizer = descent(submission, players.discriminator)
    real, noise = draw_images(rng, 4), draw_noise(rng, 4)
    for _ in range(2):
        play(submission, players, real, noise, optimizer)
    expect_moved(submission, players, real, noise)
    expect(
        not players.generator.moved().any(),
        "the generator's parameters changed during the discriminator's step",
        "Which parameters does this step update?",
    )
    for name, flag in players.generator.requires_grad_flags().items():
        expect(flag, f"the generator's {name} is frozen after the discriminator's step", "Did you give its flag back?")
    expect_modes(players, players.discriminator)


@pytest.mark.points(1)
def test_no_gradient_in_generator(submission, rng):
    """The step leaves no gradient in the generator"""
    for stale in (None, STALE):
        players = draw_players(submission, rng)
        if stale is not None:
            players.generator.module.fill_gradients(stale)
        real, noise = draw_images(rng, 4), draw_noise(rng, 4)
        play(submission, players, real, noise)
        expect_moved(submission, players, real, noise)
        for name, gradient in players.generator.gradients().items():
            clean = gradient is None or not gradient.any() or (stale is not None and bool((gradient == stale).all()))
            expect(
                clean,
                f"the discriminator's step left a gradient in the generator's {name}",
                "Did you detach the fakes from the generator?",
            )
