"""Hidden tests of generator_objective, on four small networks that are all different."""

from functools import cache

import pytest

from autograder.compare import expect_close, hinting
from autograder.suites.cyclegan.follow_through import ask_objective, own_losses
from autograder.suites.cyclegan.objectives import Objective, begin, differentiate, is_clear
from autograder.suites.cyclegan.players import GENERATORS, draw_cast, draw_heaps, left_alone, modules_of
from autograder.suites.cyclegan.wrong_objectives import list_mistakes

NAME = "generator_objective"
SCALAR_HINT = "Is it one sum of shape ()? Each of the losses in it is an average."
HINT = "Which network sees which images? Write down what each of the six losses compares."
BATCHES = ((3, 2), (1, 4))  # images of A and of B


@pytest.fixture
def cast(submission, rng):
    """Four networks."""
    return draw_cast(submission, rng)


def draw_scene(cast, rng, of_a, of_b):
    """These networks and images of both domains."""
    while True:
        scene = begin(cast, *draw_heaps(rng, of_a, of_b))
        if is_clear(scene):
            return scene


def expect_outcome(submission, scene, what, *, slopes, **weights):
    """WrongAnswer unless the value (or the gradients of both generators) are right."""
    with hinting(SCALAR_HINT):
        got = ask_objective(submission, scene, modules_of(scene.cast), **weights)

    @cache
    def outcome(objective, losses=None):
        return differentiate(
            scene, lambda live: objective(live, losses) if losses else objective(live), GENERATORS if slopes else ()
        )

    right, own = Objective(**weights), own_losses(submission)

    def compare(found, read, about):
        known = {hint: lambda wrong=wrong: read(outcome(wrong)) for hint, wrong in list_mistakes(weights).items()}
        wanted = read(outcome(right))
        if slopes:
            known |= {"Does a gradient reach this generator?": 0 * wanted, "Is the sign right?": -wanted}
        expect_close(
            found,
            wanted,
            about,
            mistakes=known,
            forward=not slopes,
            hint=HINT,
            own=[lambda losses=losses: read(outcome(right, losses)) for losses in own],
        )

    if not slopes:
        compare(got.value, lambda found: found.value, what)
        return
    for name in GENERATORS:
        compare(got.slopes[name], lambda found, name=name: found.slopes[name], f"{what} in the parameters of {name}")


@pytest.mark.points(3)
def test_adversarial_losses(submission, cast, rng):
    """With cycle_weight 0 both adversarial losses are left"""
    for batches in BATCHES:
        scene = draw_scene(cast, rng, *batches)
        expect_outcome(submission, scene, "objective without cycles", slopes=False, cycle_weight=0.0)


@pytest.mark.points(3)
def test_cycle_losses(submission, cast, rng):
    """With identity_weight 0 the cycle losses of both directions are added, ten times"""
    for batches in BATCHES:
        scene = draw_scene(cast, rng, *batches)
        expect_outcome(submission, scene, "objective without identity losses", slopes=False, identity_weight=0.0)


@pytest.mark.points(3)
def test_identity_losses(submission, cast, rng):
    """Without arguments the weights are 10 and 0.5, and each generator has its identity loss in the right domain"""
    for batches in BATCHES:
        scene = draw_scene(cast, rng, *batches)
        expect_outcome(submission, scene, "objective", slopes=False)


@pytest.mark.points(3)
def test_weights(submission, cast, rng):
    """cycle_weight and identity_weight say how much each part counts"""
    for weights in ({"cycle_weight": 3.5, "identity_weight": 1.75}, {"cycle_weight": 25}, {"identity_weight": 4}):
        scene = draw_scene(cast, rng, 2, 2)
        expect_outcome(submission, scene, "objective with other weights", slopes=False, **weights)


@pytest.mark.points(3)
def test_gradients(submission, cast, rng):
    """Its gradients in the parameters of both generators are right: each term teaches whom it should"""
    for weights in ({}, {"cycle_weight": 0.0}, {"cycle_weight": 0.2, "identity_weight": 0.0}):
        scene = draw_scene(cast, rng, 2, 3)
        expect_outcome(submission, scene, "gradient of the objective", slopes=True, **weights)


@pytest.mark.points(1)
def test_updates_nothing(submission, cast, rng):
    """It computes the objective and changes nothing in the networks"""
    scene = draw_scene(cast, rng, 2, 2)
    for resting in ((), ("g_ba", "d_a")):
        for name in resting:
            cast[name].module.eval().freeze()
        with left_alone(cast.values()), hinting(SCALAR_HINT):
            submission.call(NAME, *modules_of(cast), scene.real_a.float(), scene.real_b.float()).tensor(())
