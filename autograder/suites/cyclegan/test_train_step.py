"""Hidden tests of train_step, on four small networks under plain gradient descent."""

from dataclasses import replace
from functools import partial

import pytest
import torch

from autograder.compare import expect, expect_close, hinting, is_close
from autograder.sandbox.proxy import StudentRaised, WrongAnswer
from autograder.suites.cyclegan.follow_through import (
    adversarial_loss,
    discriminator_objective,
    generator_objective,
    own_losses,
)
from autograder.suites.cyclegan.objectives import TEXT, Losses, Objective, begin, differentiate, is_clear, judge
from autograder.suites.cyclegan.players import (
    CHANNELS,
    DISCRIMINATORS,
    GENERATORS,
    LEARNING_RATE,
    SIZE,
    STALE,
    descent,
    draw_cast,
    draw_half_frozen,
    draw_heaps,
    flat,
    modules_of,
    settle,
)
from autograder.suites.cyclegan.wrong_objectives import list_mistakes

NAME = "train_step"
OBJECTIVE = Objective()  # with its default weights
SMALL_RATE = 1e-5  # where several steps follow each other
DECAY = 0.3  # of an optimizer that does more than subtract gradients
HINT = "Which network sees which images, and with which weights? The order of arguments matters."
POOL_HINT = "Whose images does this pool hold? pool_a is for images that g_ba made of B, pool_b for those of g_ab."
ONCE_HINT = "Is each pool asked once, with all fakes of its domain? What it is asked with, it may keep."
FREEZE_HINT = (
    "Are the discriminators frozen while the generators learn, and then each parameter as free as it was before?"
)
OWN_RNG_HINT = "Do the pools get the rng that was handed over, or a new one in each step?"
RNG_HINT = "Is rng handed on to both pools?"
STEP_HINT = "Is the update left to optimizer.step()? There is more to it than a learning rate."
MODE_HINT = "Do you leave the modes of the networks as they are?"
OTHER = {"d_a": "d_b", "d_b": "d_a"}
SWAP_HINT = "Which number belongs to which name? These two have changed places."
FLOAT_HINT = "Did you take the numbers out of the tensors?"


class Stage:
    """Four networks, images of both domains, two pools that always return the same older images."""

    def __init__(self, submission, rng, of_a=2, of_b=3, decay=0.0, rate=LEARNING_RATE, half_frozen=False):
        self.submission, self.decay, self.own_losses, self.known = submission, decay, own_losses(submission), {}
        self.cast = draw_cast(submission, rng)
        if half_frozen:
            self.cast["d_b"] = draw_half_frozen(submission, rng, "d_b")
        while True:
            self.real = dict(zip(DISCRIMINATORS, draw_heaps(rng, of_a, of_b), strict=True))
            self.scene = begin(self.cast, *self.real.values())
            if is_clear(self.scene):
                break
        counts = {"d_a": of_b, "d_b": of_a}
        self.older = {
            name: 1.6 * torch.rand(counts[name], CHANNELS, SIZE, SIZE, generator=rng) - 1 for name in DISCRIMINATORS
        }
        self.pools = {name: submission.probe("Pool", self.older[name]) for name in DISCRIMINATORS}
        self.generator_optimizer = descent(submission, self.cast, GENERATORS, rate, weight_decay=decay)
        self.discriminator_optimizer = descent(submission, self.cast, DISCRIMINATORS, rate, weight_decay=decay)

    def play(self, **options):
        """One step: what the student's function returned."""
        pools = {"pool_a": self.pools["d_a"], "pool_b": self.pools["d_b"]} | options
        optimizers = self.generator_optimizer, self.discriminator_optimizer
        try:
            answer = self.submission.call(NAME, *modules_of(self.cast), *optimizers, *self.real.values(), **pools)
        except StudentRaised as wrong:
            wrong.hint = FREEZE_HINT if "does not require grad" in wrong.text else wrong.hint
            raise
        self.seen = {}
        return answer

    @property
    def after(self):
        """The parameters of all four after the last step; read once, before anything is restored."""
        if not self.seen:
            self.seen = {name: player.parameters() for name, player in self.cast.items()}
        return self.seen

    def moved(self, name):
        """How far each parameter is from its start after the last step, as one vector."""
        return settle(flat(self.after[name]) - flat(self.cast[name].start))

    def rule(self, slope, name):
        """The movement that gradient descent makes of this gradient."""
        return -LEARNING_RATE * (slope + self.decay * flat(self.cast[name].start))

    def generators(self, objective=OBJECTIVE, losses=TEXT):
        """The outcome of the generators' objective; remembered, because both of them ask."""
        if (objective, losses) not in self.known:
            found = differentiate(self.scene, lambda live: objective(live, losses), GENERATORS)
            self.known[objective, losses] = found
        return self.known[objective, losses]

    def judged(self, name, real=None, fake=None, **options):
        """The outcome of a discriminator's objective."""
        real = self.real[name] if real is None else real
        fake = self.older[name] if fake is None else fake
        return differentiate(self.scene, lambda live: judge(live, name, real, fake, **options), (name,))

    def own_generators(self):
        """Outcomes that are right given the student's own earlier functions: their objective, their losses."""
        yield partial(generator_objective, self.submission, self.scene)
        for losses in self.own_losses:
            yield partial(self.generators, losses=losses)

    def own_judged(self, name):
        """The same for a discriminator."""
        images = self.real[name], self.older[name]
        yield partial(discriminator_objective, self.submission, self.scene, name, *images)
        yield partial(self.judged, name, losses=Losses(adversarial=adversarial_loss(self.submission)))

    def fakes(self, name, parameters):
        """The fakes for a discriminator, made by a generator with these parameters."""
        maker, images = ("g_ba", self.real["d_b"]) if name == "d_a" else ("g_ab", self.real["d_a"])
        return self.cast[maker].run(parameters[maker], images)


def expect_movement(stage, name, got, outcome, own, known, what, hint):
    right = stage.rule(outcome.slopes[name], name)
    mistakes = {
        f"Did {name} not move? Are backward and optimizer.step() called for it, in this order?": 0 * right,
        f"Did {name} go the wrong way? Check the sign of its loss.": -right,
        "Is there a factor of two too much, or a step too many?": 2 * right,
        "Is there a factor of 1/2 too much?": right / 2,
        f"Are old gradients still in {name}? Think of zero_grad.": right - LEARNING_RATE * STALE,
    }
    for wrong_hint, wrong in known.items():
        mistakes[wrong_hint] = lambda wrong=wrong: stage.rule(wrong().slopes[name], name)
    expect_close(
        got,
        right,
        what,
        mistakes={} if stage.decay else mistakes,
        forward=False,
        own=[lambda follow=follow: stage.rule(follow().slopes[name], name) for follow in own],
        hint=hint,
    )


def check_generators(stage, what, hint=HINT):
    """WrongAnswer unless both generators moved as gradient descent on their objective moves them."""
    known = {wrong_hint: partial(stage.generators, wrong) for wrong_hint, wrong in list_mistakes({}).items()}
    for name in GENERATORS:
        own = stage.own_generators()
        late = {"Do the generators learn first? These discriminators have moved already.": partial(judged_late, stage)}
        expect_movement(
            stage, name, stage.moved(name), stage.generators(), own, known | late, f"{what} of {name}", hint
        )


def judged_late(stage):
    """What the generators learn from discriminators that have moved before them."""
    moved = {
        name: shift(stage.cast[name].start, stage.rule(stage.judged(name).slopes[name], name))
        for name in DISCRIMINATORS
    }
    scene = replace(stage.scene, parameters={**stage.scene.parameters, **moved})
    return differentiate(scene, OBJECTIVE, GENERATORS)


def shift(parameters, movement):
    """These parameters, moved by a vector in the order of their names."""
    moved, start = {}, 0
    for name in sorted(parameters):
        count = parameters[name].numel()
        moved[name] = parameters[name].double() + movement[start : start + count].reshape(parameters[name].shape)
        start += count
    return moved


def check_discriminators(stage, what, hint=HINT):
    """WrongAnswer unless both discriminators moved as gradient descent on theirs moves them."""
    for name in DISCRIMINATORS:
        other = OTHER[name]

        def gathered(name=name):
            return differentiate(
                stage.scene,
                lambda live: OBJECTIVE(live) + judge(live, name, stage.real[name], stage.older[name]),
                (name,),
            )

        known = {
            "Do the discriminators see what the pools return?": partial(
                stage.judged, name, fake=stage.fakes(name, stage.scene.parameters)
            ),
            "Do the discriminators see what the pools return, or the new fakes?": partial(
                stage.judged, name, fake=stage.fakes(name, stage.after)
            ),
            "Which pool is for which discriminator?": partial(stage.judged, name, fake=stage.older[other]),
            "Which real images are for which discriminator?": partial(stage.judged, name, real=stage.real[other]),
            "Which discriminator is for which domain?": partial(
                stage.judged, name, real=stage.real[other], fake=stage.older[other]
            ),
            "Are gradients of the generators' step left in the discriminators? Think of zero_grad.": gathered,
        }
        own = stage.own_judged(name)
        expect_movement(stage, name, stage.moved(name), stage.judged(name), own, known, f"{what} of {name}", hint)


def expect_moved(stage):
    """A step that does nothing leaves no trace either: that earns nothing."""
    for name, player in stage.cast.items():
        moved = flat(stage.after[name]) - flat(player.start)
        message = f"{name} did not move, so there is nothing else to look at"
        expect(
            bool(moved.isfinite().all() and moved.any()), message, "Are backward and optimizer.step() called for it?"
        )


@pytest.mark.points(3)
def test_update_of_the_generators(submission, rng):
    """A step moves both generators as gradient descent on their objective does, before any discriminator has moved"""
    stage = Stage(submission, rng, 3, 2)
    stage.play()
    check_generators(stage, "the update")
    stage = Stage(submission, rng, 1, 2, decay=DECAY)
    stage.play()
    check_generators(stage, "the update by an optimizer with weight decay", STEP_HINT)


@pytest.mark.points(2)
def test_update_of_the_discriminators(submission, rng):
    """Both discriminators learn from real images and from what their pools return"""
    stage = Stage(submission, rng, 3, 2)
    stage.play()
    check_discriminators(stage, "the update")
    stage = Stage(submission, rng, 1, 2, decay=DECAY)
    stage.play()
    check_discriminators(stage, "the update by an optimizer with weight decay", STEP_HINT)


@pytest.mark.points(1)
def test_pools_get_the_fakes(submission, rng):
    """pool_a is asked with images that g_ba made, pool_b with images that g_ab made"""
    stage = Stage(submission, rng)
    stage.play()
    for name in DISCRIMINATORS:
        calls = stage.pools[name].calls()
        expect(bool(calls), f"pool_{name[-1]} was never asked", "Do the discriminators see what the pools return?")
        fakes = [stage.fakes(name, parameters) for parameters in (stage.scene.parameters, stage.after)]
        shown = torch.cat([call.inputs[0].tensor((None, *fakes[0].shape[1:])) for call in calls])
        expect(
            any(is_close(shown, made, deep=True) for made in fakes),
            f"pool_{name[-1]} was asked with other images than the fakes of this step",
            POOL_HINT if len(calls) == 1 else ONCE_HINT,
        )


@pytest.mark.points(1)
def test_losses(submission, rng):
    """It returns the generators' objective and the sum of both discriminators' as Python floats, by name"""
    stage = Stage(submission, rng)
    answer = stage.play()
    late = replace(stage.scene, parameters=stage.after)
    with hinting("Is it a dictionary of the two numbers that the text names?"):
        losses = answer.mapping(("generator", "discriminator"))
        got = {name: loss.number(tensor_ok=True) for name, loss in losses.items()}
    judged = {name: stage.judged(name).value for name in DISCRIMINATORS}
    expect_close(
        got["generator"],
        stage.generators().value,
        "the generators' loss",
        mistakes={
            "Is it the loss after the update instead of before?": differentiate(late, OBJECTIVE, ()).value,
        }
        | {SWAP_HINT: judged["d_a"] + judged["d_b"]}
        | {hint: lambda wrong=wrong: stage.generators(wrong).value for hint, wrong in list_mistakes({}).items()},
        own=[lambda follow=follow: follow().value for follow in stage.own_generators()],
    )
    expect_close(
        got["discriminator"],
        judged["d_a"] + judged["d_b"],
        "the discriminators' loss",
        mistakes={
            "Is it the sum of both? d_b's is missing.": judged["d_a"],
            "Is it the sum of both? d_a's is missing.": judged["d_b"],
            "Is it the sum of both, or their mean?": (judged["d_a"] + judged["d_b"]) / 2,
            "Is it the sum of both objectives, each with its half?": 2 * (judged["d_a"] + judged["d_b"]),
        },
        own=[
            lambda pair=pair: pair[0]().value + pair[1]().value
            for pair in zip(*(stage.own_judged(name) for name in DISCRIMINATORS), strict=True)
        ],
    )
    for name, loss in losses.items():
        expect(loss.is_python_float, f"{name}: expected a Python float, got {loss.described}", FLOAT_HINT)


@pytest.mark.points(1)
def test_old_gradients_are_cleared(submission, rng):
    """Gradients that stood in the networks play no part"""
    stage = Stage(submission, rng)
    for player in stage.cast.values():
        player.module.fill_gradients(STALE)
    stage.play()
    hint = "Is the update right without old gradients? Then think of zero_grad, for both optimizers."
    check_generators(stage, "the update with old gradients in the networks", hint)
    check_discriminators(stage, "the update with old gradients in the networks", hint)


@pytest.mark.points(1)
def test_discriminators_are_frozen_meanwhile(submission, rng):
    """The generators' step leaves nothing in the discriminators; flags and modes come out as they went in"""
    stage = Stage(submission, rng, half_frozen=True)
    resting = ("g_ba", "d_a")
    for name in resting:
        stage.cast[name].module.eval()
    flags = {name: player.module.requires_grad_flags() for name, player in stage.cast.items()}
    stage.play()
    expect_moved(stage)
    for name, player in stage.cast.items():
        expect(player.module.requires_grad_flags() == flags[name], f"{name} has other flags than before", FREEZE_HINT)
        modes = {player.module.training(), *(call.training for call in player.module.calls())}
        expect(modes == {name not in resting}, f"{name} was used, or left, in another mode than it came in", MODE_HINT)
    passed = [call for name in DISCRIMINATORS for call in stage.cast[name].module.calls() if call.requires_grad]
    if all(call.frozen for call in passed):
        return
    # Not frozen: fine if nothing gathers in them, which shows where their optimizer does not clear it away.
    stage = Stage(submission, rng)
    stage.discriminator_optimizer = submission.optimizer("SGD", submission.layer("Linear", 1, 1), lr=LEARNING_RATE)
    stage.play()
    for name in DISCRIMINATORS:
        found = stage.cast[name].module.gradients()
        if any(gradient is not None for gradient in found.values()):
            got = torch.cat(
                [torch.zeros(0), *(found[key].flatten() for key in sorted(found) if found[key] is not None)]
            )
            expect_close(
                got,
                stage.judged(name).slopes[name],
                f"gradient in {name} after the step",
                forward=False,
                hint=FREEZE_HINT,
                own=[lambda follow=follow, name=name: follow().slopes[name] for follow in stage.own_judged(name)],
            )


@pytest.mark.points(1)
def test_rng_is_for_the_pools(submission, rng):
    """rng in the same state gives the same steps, in another one others"""
    seed = int(torch.randint(1 << 30, (), generator=rng))
    stage = Stage(submission, rng, 4, 4, rate=SMALL_RATE)
    stage.play(rng=submission.rng(seed))
    expect_moved(stage)
    if not is_reproducible(submission, rng, seed):
        return  # it has cost its points where the pool is tested
    seen = []
    for state in (seed, seed, seed + 1):
        pools = {name: submission.build("ImagePool", 2) for name in ("pool_a", "pool_b")}
        remote = submission.rng(state)
        for player in stage.cast.values():
            player.restore()
        for _ in range(4):
            stage.play(**pools, rng=remote)
        seen.append([flat(stage.after[name]) for name in DISCRIMINATORS])
    *same, other = [torch.cat(found).nan_to_num() for found in seen]
    repeated = torch.equal(*same)
    expect(repeated, "four steps with rng in the same state gave other discriminators the second time", RNG_HINT)
    if torch.equal(same[0], other) and fakes_count(stage):
        raise WrongAnswer("four steps with rng in another state gave the same discriminators", OWN_RNG_HINT)


def fakes_count(stage):
    """Whether it matters to the student's own discriminator_objective which fakes it gets."""
    real, older = stage.real["d_a"], stage.older["d_a"]
    outcomes = [discriminator_objective(stage.submission, stage.scene, "d_a", real, fake) for fake in (older, -older)]
    return not torch.equal(*(outcome.slopes["d_a"] for outcome in outcomes))


def is_reproducible(submission, rng, seed):
    """Whether the student's own pool does the same for the same rng, and something else for another one."""
    images = torch.randn(24, CHANNELS, 2, 2, generator=rng)
    answers = []
    try:
        for state in (seed, seed, seed + 1):
            pool, remote = submission.build("ImagePool", 2), submission.rng(state)
            answers.append(pool.method("query", images, rng=remote).tensor(images.shape))
    except WrongAnswer:
        return False
    return torch.equal(*answers[:2]) and not torch.equal(answers[0], answers[2])
