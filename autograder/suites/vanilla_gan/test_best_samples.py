"""Hidden tests of best_samples, on small linear players."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.suites.vanilla_gan import reference
from autograder.suites.vanilla_gan.players import SHAPE, draw_noise, draw_players

NAME = "best_samples"
SHAPE_HINT = "Does it return count pictures, each as the generator made it?"


def draw_contest(submission, rng, count, **options):
    """(players, noise, images, logits) with logits so far apart that rounding cannot change their order.

    Logits are those of evaluation mode, where a new batch norm does nothing.
    """
    players = draw_players(submission, rng, **options)
    judge = {name: players.start[1][name] for name in ("weight", "bias")}
    while True:
        noise = draw_noise(rng, count)
        images = reference.linear_images(players.start[0], noise)
        logits = reference.linear_logits(judge, images)
        if count == 1 or float(logits.sort().values.diff().min()) > 1e-3:
            return players, noise, images.unflatten(1, SHAPE), logits


def draw_sure_contest(submission, rng, count):
    """Some logits are so large that sigmoid rounds to one, and they are not in order by chance."""
    while True:
        contest = draw_contest(submission, rng, count, confidence=60.0)
        sure = contest[-1][contest[-1] > 20]
        if len(sure) >= 4 and bool((sure.diff() > 0).any()):
            return contest


def check(submission, rng, total, count, sure=False):
    draw = draw_sure_contest if sure else draw_contest
    players, noise, images, logits = draw(submission, rng, total)
    with hinting(SHAPE_HINT):
        got = submission.call(NAME, *players.modules, noise, count).tensor((count, *SHAPE))
    closest_to_half = images[logits.abs().argsort()[:count]]
    expect_close(
        got,
        reference.best_samples(images, logits, count),
        f"the best {count} of {total} pictures",
        mistakes={
            "Are the worst ones chosen? The discriminator believes a large logit most.": reference.best_samples(
                images, -logits, count
            ),
            "Are the right pictures chosen, but the worst of them first?": reference.best_samples(
                images, logits, count
            ).flip(0),
            "Are they the right pictures in the order they were made in? The best comes first.": images[
                logits.argsort(descending=True)[:count].sort().values
            ],
            "Are these simply the first pictures?": images[:count],
            "Are these the pictures the discriminator is least sure of?": closest_to_half,
        },
        hint="Do you compare logits? Probabilities near one are rounded to the same number." if sure else "",
    )


def same(one, other):
    """The same tensor, type and shape included."""
    return (one.dtype, one.shape) == (other.dtype, other.shape) and torch.equal(one, other)


@pytest.mark.points(1)
def test_best_first(submission, rng):
    """It picks the pictures with the largest logits, best first"""
    for total, count in ((12, 5), (9, 4)):
        check(submission, rng, total, count)
    check(submission, rng, 24, 8, sure=True)


@pytest.mark.points(1)
def test_count(submission, rng):
    """Any count works, from a single picture to all of them"""
    for total, count in ((7, 1), (6, 6), (1, 1), (30, 29)):
        check(submission, rng, total, count)


@pytest.mark.points(1)
def test_no_gradient(submission, rng):
    """The pictures carry no graph, and nothing is trained"""
    for _ in range(2):
        players, noise, _, _ = draw_contest(submission, rng, 8)
        best = submission.call(NAME, *players.modules, noise, 3)
        expect(bool(best.tensor((3, *SHAPE)).any()), "the pictures are empty")
        expect(not best.requires_grad, "the pictures still carry their graph", "Did you switch the gradient off?")
        for player in (players.generator, players.discriminator):
            expect(
                all(gradient is None for gradient in player.gradients().values()),
                "a network has gradients afterwards",
                "Did you switch the gradient off?",
            )


@pytest.mark.points(1)
def test_modes(submission, rng):
    """Both networks are in evaluation mode meanwhile, and afterwards in the mode they came in"""
    for generator_mode, discriminator_mode in ((True, True), (False, True), (True, False), (False, False)):
        players, noise, images, logits = draw_contest(submission, rng, 6, normalised=True)
        for module, mode in zip(players.modules, (generator_mode, discriminator_mode), strict=True):
            module.train() if mode else module.eval()
        before = players.discriminator.module.buffers()
        best = submission.call(NAME, *players.modules, noise, 2).tensor((2, *SHAPE))
        want = reference.best_samples(images, logits, 2)
        for module, mode, name in (
            (players.generator.module, generator_mode, "generator"),
            (players.discriminator.module, discriminator_mode, "discriminator"),
        ):
            expect(
                all(not call.training for call in module.calls()),
                f"the {name} was asked in training mode",
                "Did you switch to evaluation mode?",
            )
            came, left = ("training" if flag else "evaluation" for flag in (mode, module.training()))
            expect(
                came == left,
                f"the {name} came in {came} mode and was left in {left} mode",
                "Did you restore the mode that each network came in?",
            )
        after = players.discriminator.module.buffers()
        expect(
            after.keys() == before.keys() and all(same(after[name], before[name]) for name in before),
            "statistics of the batch norm in the discriminator changed",
            "Did you switch to evaluation mode?",
        )
        if not players.discriminator.module.calls():  # copies were asked: what they said must be from evaluation mode
            expect_close(best, want, "the best 2 of 6 pictures", hint="Did you switch the copies to evaluation mode?")
