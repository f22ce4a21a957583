"""Hidden tests of identity_loss."""

import pytest

from autograder.compare import expect_close, hinting
from autograder.suites.cyclegan import follow_through
from autograder.suites.cyclegan.objectives import CLEAR, TEXT, Losses, Scene, differentiate
from autograder.suites.cyclegan.players import draw_heaps, draw_player
from autograder.suites.cyclegan.test_cycle_loss import HINT, mistakes

NAME = "identity_loss"
SCALAR_HINT = "Did you average over everything? The loss is a scalar of shape ()."
BATCHES = (3, 1)


def draw(submission, rng, count):
    """Images, the scene in which g_ab is judged on them, and what it makes of them, nowhere near to the images."""
    cast = {"g_ab": draw_player(submission, rng, "g_ab")}
    while True:
        images, _ = draw_heaps(rng, count, 1)
        scene = Scene(cast, {"g_ab": cast["g_ab"].start}, images.double(), images.double())
        made = scene.run("g_ab", scene.real_a)
        if float((made - scene.real_a).abs().min()) > CLEAR:
            return images, scene, made


def judge(scene, losses=TEXT):
    return differentiate(scene, lambda live: losses.identity(live, "g_ab", live.real_a), ("g_ab",))


def own(submission):
    """The student's cycle_loss, which does the same to two pictures."""
    distance = follow_through.cycle_loss(submission)
    return Losses(identity=lambda scene, name, images: distance(scene.run(name, images), images))


@pytest.mark.points(3)
def test_values(submission, rng):
    """It is the mean absolute difference between the images and what the generator makes of them"""
    for count in BATCHES:
        images, scene, made = draw(submission, rng, count)
        with hinting(SCALAR_HINT):
            got = submission.call(NAME, scene.cast["g_ab"].module, images).tensor(())
        twice = scene.run("g_ab", made)
        known = {hint: value for hint, value in mistakes(made, scene.real_a).items() if "cycle_weight" not in hint}
        known |= {
            "Is the generator called once? The identity loss goes no way back.": TEXT.cycle(twice, scene.real_a),
            "Are the images compared with what is made of them?": TEXT.cycle(twice, made),
            "Does identity_weight belong here? This is the mean difference alone.": 5 * TEXT.cycle(made, scene.real_a),
        }
        expect_close(
            got,
            judge(scene).value,
            f"loss of {count} images",
            mistakes=known,
            hint=HINT,
            own=lambda scene=scene: judge(scene, own(submission)).value,
        )


@pytest.mark.points(3)
def test_gradients(submission, rng):
    """Its gradient reaches the generator"""
    for count in BATCHES:
        images, scene, _ = draw(submission, rng, count)
        player = scene.cast["g_ab"]
        with hinting(SCALAR_HINT):
            _, _, slopes = submission.vjp(NAME, player.module, images, of=player.module)
        want = judge(scene).slopes["g_ab"]
        expect_close(
            follow_through.flat({key: slopes[key] for key in player.start}),
            want,
            "gradient of the generator's parameters",
            mistakes={
                "Is what the generator made detached? Then nothing flows back.": 0 * want,
                "Is the sign right? This loss is to be minimised.": -want,
            },
            forward=False,
            own=lambda scene=scene: judge(scene, own(submission)).slopes["g_ab"],
        )
