"""Hidden tests of train, on small linear players; see training.py for what counts as right."""

from contextlib import suppress

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.sandbox.proxy import StudentRaised, WrongAnswer
from autograder.suites.vanilla_gan.players import (
    LIVING,
    NOISE_DIM,
    SHAPE,
    descent,
    draw_images,
    draw_noise,
    draw_players,
    embed,
    expect_modes,
    make_players,
)
from autograder.suites.vanilla_gan.training import expect_losses, expect_moved, follows_steps, retrain, run_training

FAST = {"learning_rate": 0.05, "betas": (0.3, 0.9)}  # far from the defaults, and so fast that the order of steps shows
SIZES = (4, 6, 3)
MODE_HINT = "Did you switch both networks to training mode, all their layers, and does no step switch one of them back?"
FRESH_HINT = "Do you draw fresh noise for every step?"


def draw_loader(rng, sizes=SIZES):
    """Batches as a DataLoader gives them: [images, labels]."""
    return [[draw_images(rng, size), torch.randint(10, (size,), generator=rng)] for size in sizes]


def draw_seed(rng):
    return int(torch.randint(1, 2**31 - 1, (), generator=rng))


def train_drawn(submission, rng, *, epochs=2, sizes=SIZES, **settings):
    """Train new players on new images."""
    players = draw_players(submission, rng)
    loader = draw_loader(rng, sizes)
    return run_training(
        submission, players, loader, epochs=epochs, seed=draw_seed(rng), noise_dim=NOISE_DIM, **settings
    )


def step_mistakes(run):
    return {
        "Is weight_decay 1e-5, or larger?": retrain(run, weight_decay=1e-4),
        "Did the generator step come before the discriminator's?": retrain(run, generator_first=True),
        "Are learning_rate and betas handed on to both optimizers?": retrain(
            run, learning_rate=1e-3, betas=(0.5, 0.999)
        ),
        "Is learning_rate handed on to both optimizers?": retrain(run, learning_rate=1e-3),
        "Are betas handed on to both optimizers?": retrain(run, betas=(0.5, 0.999)),
        "Did you record the loss of the last of the discriminator's steps, or the first?": retrain(
            run, first_loss=True
        ),
        "Are betas handed on to both optimizers, or do Adam's own defaults stand?": retrain(run, betas=(0.9, 0.999)),
    }


@pytest.mark.points(1)
def test_history(submission, rng):
    """It returns one float for each batch of each epoch and each network"""
    run = train_drawn(submission, rng, epochs=2, sizes=(4, 4))  # the lengths and kinds are looked at in there
    losses = torch.tensor([*run.generator_losses, *run.discriminator_losses])
    expect(bool(losses.isfinite().all()), "some of the losses recorded are NaN or infinite")
    expect(len(losses.unique()) > 1, "all losses recorded are the same")


@pytest.mark.points(1)
def test_losses_follow_the_steps(submission, rng):
    """The losses recorded are those of the steps, discriminator first, in every batch"""
    run = train_drawn(submission, rng, **FAST)
    expect_losses(run, submission, step_mistakes(run))


@pytest.mark.points(1)
def test_settings_of_adam(submission, rng):
    """Both networks are moved by Adam with the learning rate and betas asked for"""
    run = train_drawn(submission, rng, **FAST)
    expect_moved(run, submission, step_mistakes(run))


@pytest.mark.points(1)
def test_default_settings(submission, rng):
    """Without learning_rate and betas, the defaults of the text hold"""
    run = train_drawn(submission, rng)
    expect_moved(
        run,
        submission,
        {
            "Is the default of betas (0.5, 0.999)?": retrain(run, betas=(0.9, 0.999)),
            "Is the default of learning_rate 1e-3?": retrain(run, learning_rate=2e-4),
        },
    )


@pytest.mark.points(1)
def test_weight_decay(submission, rng):
    """Both optimizers have a weight decay of 1e-5"""
    # Where no gradient comes from the loss, only the decay moves a parameter: pixels that are zero in real and fake
    # pictures, and a generator whose images the discriminator hardly weighs. The dead weights are so small that their
    # decay is about Adam's epsilon: there the step shows how strong the decay is.
    pixels = len(LIVING)
    dies = torch.arange(pixels) < 3
    dead, alive = embed(dies), embed(~dies)
    signs = torch.randn(pixels, NOISE_DIM, generator=rng).sign()
    weight = embed(signs * (1 + torch.rand(pixels, NOISE_DIM, generator=rng))) * alive[:, None]
    generator = {"weight": weight, "bias": torch.zeros(len(weight))}
    faint = 1e-3 * embed(1 + torch.rand(pixels, generator=rng)) * dead
    players = make_players(submission, generator, {"weight": faint, "bias": torch.tensor(0.0)})
    images = draw_images(rng, 16) * alive.reshape(SHAPE)
    rate = 2e-5
    run = run_training(
        submission,
        players,
        [[images, torch.zeros(16)]],
        epochs=1,
        seed=draw_seed(rng),
        noise_dim=NOISE_DIM,
        learning_rate=rate,
    )
    for player, row in ((players.discriminator, dead), (players.generator, alive)):

        def moved(parameters, start=player.start, row=row):
            """In units of the learning rate: Adam's first step is at most one, and float32 rounds it by up to 0.006."""
            return ((parameters["weight"].double() - start["weight"].double()) / rate)[row]

        def agrees(trajectory, player=player, moved=moved):
            return bool(((moved(player.parameters()) - moved(getattr(trajectory, player.name))).abs() < 0.1).all())

        expect(
            agrees(retrain(run)()) or follows_steps(run, submission, agrees),
            f"the {player.name} did not move as Adam with a weight decay of 1e-5 moves it",
            "Is training right otherwise? Then: do both optimizers get weight_decay=1e-5, and are they Adam "
            "(AdamW decays in another way)?",
        )


@pytest.mark.points(1)
def test_several_discriminator_steps(submission, rng):
    """discriminator_steps steps with fresh noise come before each generator step, and the last one's loss counts"""
    for steps in (3, 2):
        run = train_drawn(submission, rng, discriminator_steps=steps, **FAST)
        drawn = [noise for each in run.noises for noise in each.discriminator]
        distinct = {tuple(noise.flatten().tolist()) for noise in drawn}
        expect(
            len(distinct) == len(drawn) or samples_are_wrong(submission, draw_seed(rng)),
            "several discriminator steps got the same noise",
            FRESH_HINT,
        )
        expect_losses(run, submission, step_mistakes(run))
        expect_moved(run, submission, step_mistakes(run))


@pytest.mark.points(1)
def test_on_step(submission, rng):
    """on_step is called after each batch with the step from 1 and both losses as floats"""
    recorder = submission.probe("Recorder")
    run = train_drawn(submission, rng, on_step=recorder)
    calls = recorder.calls()
    expect_equal(len(calls), len(run.batches), "calls of on_step for two epochs of three batches", shown=True)
    for number, call in enumerate(calls, start=1):
        expect_equal(len(call.inputs), 3, "arguments of on_step", shown=True)
        step, generator_loss, discriminator_loss = call.inputs
        with hinting("Does on_step get the step and both losses as numbers (.item()), not as tensors?"):
            numbers = generator_loss.number(), discriminator_loss.number()
        expect_equal(
            step.integer(),
            number,
            "step given to on_step",
            shown=True,
            mistakes={
                "Do steps count from 1?": number - 1,
                "Do steps go on counting through the epochs?": (number - 1) % 3 + 1,
            },
        )
        for name, got, losses, others in (
            ("generator", numbers[0], run.generator_losses, run.discriminator_losses),
            ("discriminator", numbers[1], run.discriminator_losses, run.generator_losses),
        ):
            expect_close(
                got,
                losses[number - 1],
                f"{name} loss given to on_step",
                mistakes={"Did you swap the two losses? The generator's comes first.": others[number - 1]},
                hint="Is it the loss of this batch that is handed on?",
            )


@pytest.mark.points(1)
def test_loaders(submission, rng):
    """Batches may be images or (images, labels), lists or tuples, of any size, and move to the generator's device"""
    images = [draw_images(rng, size) for size in (4, 5, 1)]
    labels = [torch.randint(10, (len(batch),), generator=rng) for batch in images]
    for loader in (
        images,
        list(zip(images, labels, strict=True)),
        [list(pair) for pair in zip(images, labels, strict=True)],
    ):
        players = draw_players(submission, rng)
        run = run_training(submission, players, loader, epochs=1, seed=draw_seed(rng), noise_dim=NOISE_DIM, **FAST)
        expect_losses(run, submission, step_mistakes(run))
    expect_device(submission, rng)


def expect_device(submission, rng):
    """WrongAnswer if networks on another device than the CPU are given pictures or noise that lie on the CPU.

    The meta device stands for the other one: every machine has it. Nothing on it has values, so training ends there
    with an error, at the latest where a loss becomes a float; until then the networks record what they are given.
    """
    elsewhere = [
        {name: value.to("meta") for name, value in parameters.items()}
        for parameters in draw_players(submission, rng).start
    ]
    players = make_players(submission, *elsewhere)
    seeded = submission.rng(draw_seed(rng))
    with suppress(StudentRaised):
        submission.call("train", *players.modules, draw_loader(rng), noise_dim=NOISE_DIM, epochs=1, rng=seeded)
    stayed = {
        player.name: any(given.device == "cpu" for call in player.module.calls() for given in call.inputs)
        for player in (players.generator, players.discriminator)
    }
    expect(
        not stayed["discriminator"],
        "the discriminator was given pictures that lie on another device than the networks",
        "Do the pictures of each batch move to the device where the generator is?",
    )
    if stayed["generator"]:
        with hinting("Is the generator's device handed on to every draw of noise?"):
            drawn = submission.call("sample_noise", 2, 3, rng=seeded, device=torch.device("meta"))
            expect(
                drawn.device != "meta",  # else sample_noise itself has cost its points already
                "the generator was given noise that lies on another device than the networks",
            )


@pytest.mark.points(1)
def test_noise_comes_from_rng(submission, rng):
    """All noise is fresh, standard normal, and drawn from rng"""
    wide = 48
    pixels = len(LIVING)
    weight, bias = torch.randn(pixels, wide, generator=rng) / 7, torch.randn(pixels, generator=rng)
    generator = {"weight": embed(weight), "bias": embed(bias)}
    discriminator = {"weight": embed(torch.randn(pixels, generator=rng)), "bias": torch.tensor(0.0)}
    loader = draw_loader(rng, (16, 16, 16))
    seeds = draw_seed(rng), draw_seed(rng)
    drawn = []
    for elsewhere, seed in ((1, seeds[0]), (2, seeds[0]), (3, seeds[1])):
        submission.seed(elsewhere)
        players = make_players(submission, generator, discriminator)
        run = run_training(submission, players, loader, epochs=1, seed=seed, noise_dim=wide)
        drawn.append(torch.stack([noise for each in run.noises for noise in (*each.discriminator, each.generator)]))
    first, again, other = drawn
    try:
        expect_drawn_from_rng(first, again, other)
    except WrongAnswer:
        if not samples_are_wrong(submission, seeds[0]):  # sample_noise itself has cost its points already
            raise


def expect_drawn_from_rng(first, again, other):
    """Noise of three runs, (steps, n, noise_dim), discriminator's and generator's in turn; two have the same seed."""
    for steps in (first[::2], first[1::2]):
        distinct = len(steps.flatten(1).unique(dim=0)) == len(steps)
        expect(distinct, "the same noise was used in different steps", FRESH_HINT)
    expect(torch.equal(first, again), "the same state of rng gave different noise", "Is rng handed on to every draw?")
    expect(not torch.equal(first, other), "differently seeded generators gave the same noise", "Is rng handed on?")
    mean, deviation = float(first.mean()), float(first.std())
    expect(
        abs(mean) < 0.1 and abs(deviation - 1) < 0.08,  # five standard errors of 2,304 numbers
        f"the noise used in training has mean {mean:.2f} and standard deviation {deviation:.2f}",
        "Is the noise standard normal?",
    )


def samples_are_wrong(submission, seed):
    """Is the student's own sample_noise not reproducible, or not standard normal?"""
    try:
        generators = [submission.rng(seed), submission.rng(seed), submission.rng(seed + 1)]
        draws = [submission.call("sample_noise", 64, 48, rng=each).tensor((64, 48)) for each in generators]
        following = submission.call("sample_noise", 64, 48, rng=generators[0]).tensor((64, 48))
    except WrongAnswer:
        return False
    reproducible = torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    reproducible = reproducible and not torch.equal(draws[0], following)
    return not reproducible or abs(float(draws[0].mean())) > 0.1 or abs(float(draws[0].std()) - 1) > 0.08


def steps_switch_modes(submission, rng):
    """Do the student's own steps switch what they train, or the judge, to evaluation mode? That has cost its points."""
    for name, inputs in (
        ("discriminator", (draw_images(rng, 4), draw_noise(rng, 4))),
        ("generator", (draw_noise(rng, 4),)),
    ):
        players = draw_players(submission, rng)
        learner = getattr(players, name)
        try:
            submission.call(f"{name}_step", *players.modules, descent(submission, learner), *inputs)
            expect_modes(players, learner)
            if not all(call.training for call in players.discriminator.module.calls()):
                return True
        except StudentRaised:
            return False
        except WrongAnswer:
            return True
    return False


@pytest.mark.points(1)
def test_training_mode(submission, rng):
    """Both networks are trained in training mode, whatever mode they came in"""
    players = draw_players(submission, rng, normalised=True)
    before = players.discriminator.module.buffers()
    for module in players.modules:
        module.eval()
    run_training(submission, players, draw_loader(rng), epochs=2, seed=draw_seed(rng), noise_dim=NOISE_DIM)
    for player in (players.generator, players.discriminator):
        expect(
            all(call.training for call in player.module.calls()) or steps_switch_modes(submission, rng),
            f"the {player.name} was trained in evaluation mode",
            MODE_HINT,
        )
    after = players.discriminator.module.buffers()
    expect(
        after.keys() != before.keys()
        or any(not torch.equal(after[name], before[name]) for name in before)
        or steps_switch_modes(submission, rng),
        "a batch norm inside the discriminator was trained in evaluation mode",
        MODE_HINT,
    )
