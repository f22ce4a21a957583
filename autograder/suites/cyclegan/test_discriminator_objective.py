"""Hidden tests of discriminator_objective."""

import pytest
import torch

from autograder.compare import expect, expect_close, hinting
from autograder.suites.cyclegan.follow_through import adversarial_loss
from autograder.suites.cyclegan.objectives import TEXT, Losses, Scene, differentiate, judge
from autograder.suites.cyclegan.players import NORMALISED, draw_heaps, draw_player, flat, left_alone

NAME = "discriminator_objective"
PLAYER = "d_a"
HINT = "Which network sees which images, and what is it to say about them?"
SCALAR_HINT = "Did you average over all scores? The objective is a scalar of shape ()."
DETACH_HINT = "Did you detach the fakes from the generator?"
KEEP_HINT = (
    "Do the fakes stay as they are, and the discriminator free? fake.detach() is a new tensor without a gradient."
)
TOGETHER_HINT = "Did you show real and fake images to the discriminator in one batch? It is called twice."
CALLS_HINT = "Is it right without batch norm? Then look how often the discriminator is called, and in which mode."
BATCHES = ((3, 2), (1, 4), (2, 2))


def draw(submission, rng, of_real, of_fake, layers=None):
    """A scene with one discriminator, and real and fake images."""
    player = draw_player(submission, rng, PLAYER, layers)
    real, fake = draw_heaps(rng, of_real, of_fake)
    return Scene({PLAYER: player}, {PLAYER: player.start}, real, fake)


def outcome(scene, losses=TEXT, wrong=None):
    """Value and gradient of the objective, or of a wrong one."""
    function = wrong or (lambda live: judge(live, PLAYER, live.real_a, live.real_b, losses))
    return differentiate(scene, function, (PLAYER,))


def mistakes(scene):
    def scores(live):
        return live.run(PLAYER, live.real_a), live.run(PLAYER, live.real_b)

    def wrong(function):
        return lambda: outcome(scene, wrong=lambda live: function(*scores(live)))

    def together(live):
        both = live.run(PLAYER, torch.cat([live.real_a, live.real_b]))
        real, fake = both[: len(live.real_a)], both[len(live.real_a) :]
        return (TEXT.adversarial(real, True) + TEXT.adversarial(fake, False)) / 2

    def pooled(real, fake):
        gaps = torch.cat([(real - 1).flatten(), fake.flatten()])
        return gaps.square().mean()

    loss = TEXT.adversarial
    return {
        "Does the loss of the fakes reach the discriminator? Detach the fakes, not the scores.": wrong(
            lambda real, fake: (loss(real, True) + loss(fake.detach(), False)) / 2
        ),
        "Do the real images teach the discriminator?": wrong(
            lambda real, fake: (loss(real.detach(), True) + loss(fake, False)) / 2
        ),
        "Is it half the sum? Dividing by two keeps the discriminators slower than the generators.": wrong(
            lambda real, fake: loss(real, True) + loss(fake, False)
        ),
        "Is it half the sum? This is a quarter.": wrong(lambda real, fake: (loss(real, True) + loss(fake, False)) / 4),
        "Which target belongs to which? Real is 1, fake is 0.": wrong(
            lambda real, fake: (loss(real, False) + loss(fake, True)) / 2
        ),
        "Do the fakes play a part? Half of it is theirs.": wrong(lambda real, fake: loss(real, True) / 2),
        "Do the real images play a part? Half of it is theirs.": wrong(lambda real, fake: loss(fake, False) / 2),
        "Do the real images play a part, and where is the half?": wrong(lambda real, fake: loss(fake, False)),
        "Do the fakes play a part, and where is the half?": wrong(lambda real, fake: loss(real, True)),
        "Are the fakes to be taken for real? That is what the generators want.": wrong(
            lambda real, fake: (loss(real, True) + loss(fake, True)) / 2
        ),
        "Are real images to be taken for fakes?": wrong(lambda real, fake: (loss(real, False) + loss(fake, False)) / 2),
        "Are both losses added?": wrong(lambda real, fake: (loss(real, True) - loss(fake, False)) / 2),
        "Does only one of the losses have the half?": wrong(
            lambda real, fake: loss(real, True) + loss(fake, False) / 2
        ),
        "Does only one of both losses have the half?": wrong(
            lambda real, fake: loss(real, True) / 2 + loss(fake, False)
        ),
        "Is the loss of each batch an average of its own? Sizes may differ.": wrong(pooled),
        "Are the real images shown twice?": wrong(lambda real, fake: (loss(real, True) + loss(real, False)) / 2),
        "Are the fakes shown twice?": wrong(lambda real, fake: (loss(fake, True) + loss(fake, False)) / 2),
        TOGETHER_HINT: lambda: outcome(scene, wrong=together),
    }


def check_value(submission, scene, what, hint=""):
    with hinting(hint or SCALAR_HINT):
        got = submission.call(NAME, scene.cast[PLAYER].module, scene.real_a, scene.real_b).tensor(())
    expect_close(
        got,
        outcome(scene).value,
        what,
        mistakes={known: lambda wrong=wrong: wrong().value for known, wrong in mistakes(scene).items()},
        own=lambda: outcome(scene, Losses(adversarial=adversarial_loss(submission))).value,
        hint=hint or HINT,
    )


def has_gradient(submission, scores):
    """Whether the student's own adversarial_loss has one: without, nothing can reach the discriminator."""
    slopes = [submission.vjp("adversarial_loss", scores, is_real)[1][0] for is_real in (True, False)]
    return any(bool(slope.any()) for slope in slopes)


@pytest.mark.points(3)
def test_values(submission, rng):
    """It is half the sum of both adversarial losses, for any numbers of real and fake images"""
    for batches in BATCHES:
        check_value(submission, draw(submission, rng, *batches), f"objective of {sum(batches)} images")


@pytest.mark.points(2)
def test_called_twice(submission, rng):
    """Real and fake images come to the discriminator in batches of their own (batch norm would mix them)"""
    for batches in BATCHES[::2]:
        scene = draw(submission, rng, *batches, layers=NORMALISED)
        check_value(submission, scene, "objective of a discriminator with batch norm", CALLS_HINT)


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Its gradient in the discriminator's parameters is right"""
    for batches in BATCHES[:2]:
        scene = draw(submission, rng, *batches)
        player = scene.cast[PLAYER]
        with hinting(SCALAR_HINT):
            _, _, slopes = submission.vjp(NAME, player.module, scene.real_a, scene.real_b, of=player.module)
        want = outcome(scene).slopes[PLAYER]
        known = {hint: lambda wrong=wrong: wrong().slopes[PLAYER] for hint, wrong in mistakes(scene).items()}
        expect_close(
            flat({key: slopes[key] for key in player.start}),
            want,
            "gradient of the discriminator's parameters",
            mistakes={"Does a gradient reach the discriminator?": 0 * want} | known,
            forward=False,
            hint=HINT,
            own=lambda scene=scene: outcome(scene, Losses(adversarial=adversarial_loss(submission))).slopes[PLAYER],
        )


@pytest.mark.points(2)
def test_fakes_are_detached(submission, rng):
    """No gradient reaches the fakes, though the discriminator learns from them"""
    for batches in BATCHES[:2]:
        scene = draw(submission, rng, *batches)
        player = scene.cast[PLAYER]
        with hinting(KEEP_HINT, errors=True), hinting(SCALAR_HINT):
            _, (slope,), slopes = submission.vjp(
                NAME, player.module, scene.real_a, scene.real_b, of=player.module, wrt=(2,)
            )
        learns = any(bool(slopes[key].any()) for key in player.start)
        learns = learns or not has_gradient(submission, scene.real_a[:, :1])
        expect(learns, "no gradient reaches the discriminator, so there is nothing else to look at")
        expect(not slope.any(), "a gradient reaches the fakes", DETACH_HINT)


@pytest.mark.points(1)
def test_updates_nothing(submission, rng):
    """It computes the objective and changes nothing in the discriminator"""
    scene = draw(submission, rng, 2, 2)
    module = scene.cast[PLAYER].module
    for prepare in (module.train, module.eval, module.freeze):
        prepare()
        with left_alone(scene.cast.values()), hinting(SCALAR_HINT):
            submission.call(NAME, module, scene.real_a, scene.real_b).tensor(())
