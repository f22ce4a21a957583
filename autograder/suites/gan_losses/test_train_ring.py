"""Hidden tests of train_ring."""

from itertools import combinations

import pytest
import torch

from autograder.compare import expect
from autograder.sandbox.proxy import StudentRaised, WrongAnswer
from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.critics import draw_seed
from autograder.suites.gan_losses.ring import (
    NAME,
    NAMES,
    RELIABLE,
    draw_ring,
    expect_beginner,
    is_made_of_right_parts,
    train,
    train_by_any,
)

FEW = 3  # steps after which any setting must have shown
STEPS = 300  # after which the reliable losses have found the ring
SIGMA = 0.025  # of the radius
NOISE_HINT = "Is each sample made of noise of its own?"
RNG_HINT = "Does everything random come from rng, the first weights of the layers, too?"
MODES_HINT = (
    "Do the samples look like the ring, wherever it is? Look at them with other centers than the notebook's, and at "
    "which network each step moves, with which of your losses."
)


@pytest.mark.points(2)
def test_samples(submission, rng):
    """By each of the seven names, 2000 samples come back: float32, on the CPU, without graph"""
    centers, radius = draw_ring(rng)
    works = 0
    for name in NAMES:
        try:
            samples = train(submission, name, centers, draw_seed(rng), steps=FEW)
            distinct = len(samples.unique(dim=0))
            expect(distinct > len(samples) / 2, f"{name}: most samples come up more than once", NOISE_HINT)
            expect_beginner(samples, centers, radius, f"{name}: after {FEW} steps")
            works += 1
        except WrongAnswer:
            if is_made_of_right_parts(submission, rng, name):
                raise
    expect(works > 0, f"{NAME} returned samples by none of the names")


@pytest.mark.points(1)
def test_unknown_name(submission, rng):
    """A name that is no loss of the table is refused"""
    centers, _ = draw_ring(rng)
    seed = draw_seed(rng)
    train_by_any(submission, rng, NAMES, lambda name: train(submission, name, centers, seed, steps=1))
    for name in ("ls", "wgan-gp"):
        raised = submission.raises(NAME, name, centers, steps=1)
        expect(
            "ValueError" in raised.types,
            f"{NAME}: expected a ValueError for an unknown name, got {(*raised.types, 'none')[0]}",
            "Which exception does the text ask for?",
        )


@pytest.mark.points(2)
def test_rng(submission, rng):
    """The samples depend on the state of rng and on nothing else that is random"""
    centers, _ = draw_ring(rng)
    seed = draw_seed(rng)

    def train_twice(name):
        drawn = []
        for elsewhere in (1, 2):
            submission.seed(elsewhere)
            drawn.append(train(submission, name, centers, seed, steps=FEW))
        expect(torch.equal(*drawn), f"{name}: the same state of rng gave different samples", RNG_HINT)
        return drawn[0]

    differ = 0
    for name in NAMES:
        try:
            samples = train_twice(name)
            if not differ:
                other = train(submission, name, centers, seed, used=True, steps=FEW)
                expect(not torch.equal(samples, other), "another state of rng gave the same samples", RNG_HINT)
            differ += 1
        except WrongAnswer:
            if is_made_of_right_parts(submission, rng, name):
                raise
    expect(differ > 0, f"{NAME} works by none of the names")


@pytest.mark.points(1)
def test_settings(submission, rng):
    """Steps, sigma and centers all make a difference"""
    centers, radius = draw_ring(rng)
    seed = draw_seed(rng)

    def ask(name):
        kept = submission.layer("ParameterList", [centers]).freeze()
        base = {"centers": kept.part(0), "steps": FEW, "sigma": SIGMA * radius}
        samples = train(submission, name, seed=seed, **base)
        for setting, value in (("steps", 2 * FEW), ("sigma", 0.3 * radius), ("centers", 1.5 * centers)):
            other = train(submission, name, seed=seed, **{**base, setting: value})
            expect(
                not torch.equal(samples, other),
                f"{name}: other {setting}, but the same samples",
                f"Is the argument {setting} used?",
            )
        intact = all(torch.equal(value, centers) for value in kept.parameters().values())
        expect(intact, "the centers are not what they were", "Is anything written into the centers?")

    train_by_any(submission, rng, NAMES, ask)


@pytest.mark.points(1)
def test_each_name_has_its_loss(submission, rng):
    """No two names train alike"""
    centers, _ = draw_ring(rng)
    seed = draw_seed(rng)
    drawn = {}
    for name in NAMES:
        try:
            drawn[name] = train(submission, name, centers, seed, steps=FEW)
        except StudentRaised:
            if is_made_of_right_parts(submission, rng, name):
                raise
    expect(len(drawn) > 1, f"{NAME} works by fewer than two names")
    for one, other in combinations(drawn, 2):
        if torch.equal(drawn[one], drawn[other]):
            innocent = all(is_made_of_right_parts(submission, rng, name) for name in (one, other))
            expect(not innocent, f"{one} and {other} trained alike", "Is each name given its own losses?")


@pytest.mark.points(3)
def test_modes(submission, rng):
    """By a loss that finds them reliably, the samples are near most of the centers, wherever the ring is"""
    centers, radius = draw_ring(rng, larger=50)
    failures: list[WrongAnswer] = []
    trained = False
    for name in RELIABLE:
        try:
            first, samples = (
                train(submission, name, centers, draw_seed(rng), steps=steps, sigma=SIGMA * radius)
                for steps in (FEW, STEPS)
            )
            trained = True
            expect_beginner(first, centers, radius, f"{name}: after {FEW} steps")
            expect_modes(samples, centers, radius, f"{name}: after {STEPS} steps")
            return  # networks and rates are the student's own design: one of the two is enough
        except WrongAnswer as wrong:
            failures.append(wrong)
    if not trained or any(is_made_of_right_parts(submission, rng, name) for name in RELIABLE):
        raise failures[0]


def expect_modes(samples, centers, radius, what):
    """WrongAnswer unless samples cover most modes and many are near one: by more than if spread over the disc."""
    covered, share = reference.mode_coverage(samples, centers, radius / 8)
    expect(
        covered >= 5 and share >= 0.15,
        f"{what}, {covered} of 8 modes were found, and {share:.0%} of the samples are near one, within an eighth of "
        "the ring's radius",
        MODES_HINT,
    )
