"""Runs of a student's train on small linear players, and the trajectories that are right for the noise it drew.

The noise is free, so it is taken from what the generator was called with. Right is the reference's trajectory, the
reference's with the student's own losses, or the one that the student's own steps take when they are called one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from autograder.compare import Lazy, expect, expect_close, hinting
from autograder.sandbox.proxy import Submission, WrongAnswer
from autograder.suites.vanilla_gan import follow_through, reference
from autograder.suites.vanilla_gan.players import Players, displacement, hinting_at_graph, make_players
from autograder.suites.vanilla_gan.reference import Noise, Trajectory

NOISE_HINT = "Does each discriminator step get noise of its own, as many vectors as there are real pictures?"
STEPS_HINT = (
    "Are steps as in the text: in each batch the discriminator's, then one of the generator's, with two Adams that are "
    "made once, and the loss of each batch as it is?"
)
HISTORY_HINT = (
    'Does it return {"generator": [...], "discriminator": [...]}, new lists for each call, with a Python float for '
    "each batch of each epoch?"
)


@dataclass(frozen=True)
class Run:
    """One call of train: with what it was called, what it recorded, what noise it drew."""

    players: Players
    batches: list[Tensor]
    discriminator_steps: int
    settings: dict[str, Any]
    noises: list[Noise]
    generator_losses: list[float]
    discriminator_losses: list[float]
    right: list[Trajectory] = field(default_factory=list)  # computed once, when asked for
    followed: list[Trajectory] = field(default_factory=list)


def run_training(
    submission: Submission,
    players: Players,
    loader: Sequence[Any],
    *,
    epochs: int,
    seed: int,
    discriminator_steps: int = 1,
    noise_dim: int,
    **settings: Any,
) -> Run:
    """Call the student's train; `settings` go both to it and to the reference (learning_rate, betas, on_step)."""
    if discriminator_steps != 1:
        settings["discriminator_steps"] = discriminator_steps
    with hinting_at_graph():
        history = submission.call(
            "train",
            *players.modules,
            loader,
            noise_dim=noise_dim,
            epochs=epochs,
            rng=submission.rng(seed),
            **settings,
        )
    batches = [batch if isinstance(batch, Tensor) else batch[0] for batch in loader] * epochs
    with hinting(HISTORY_HINT):
        parts = history.mapping(("generator", "discriminator"))
        generator_losses, discriminator_losses = (
            [item.number() for item in parts[name].sequence(len(batches))] for name in ("generator", "discriminator")
        )
    calls = [noise.tensor() for call in players.generator.module.calls() for noise in call.inputs]
    return Run(
        players,
        batches,
        discriminator_steps,
        {name: value for name, value in settings.items() if name in ("learning_rate", "betas")},
        _assign(calls, batches, discriminator_steps, noise_dim),
        generator_losses,
        discriminator_losses,
    )


def expect_losses(run: Run, submission: Submission, mistakes: Mapping[str, Callable[[], Trajectory]]) -> None:
    """WrongAnswer unless both lists of losses are those of a right trajectory."""
    for name in ("discriminator_losses", "generator_losses"):
        expect_close(
            torch.tensor(getattr(run, name)),
            torch.tensor(getattr(_right(run), name)),
            f"the {name.replace('_', ' ')} recorded",
            forward=False,
            hint=STEPS_HINT,
            mistakes={
                hint: lambda make=make, name=name: torch.tensor(getattr(make(), name))  # type: ignore[misc]
                for hint, make in mistakes.items()
            },
            own=[
                lambda make=make, name=name: torch.tensor(getattr(make(), name))  # type: ignore[misc]
                for make in _others(run, submission)
            ],
        )


def expect_moved(run: Run, submission: Submission, mistakes: Mapping[str, Callable[[], Trajectory]]) -> None:
    """WrongAnswer unless both players went where a right trajectory leads them."""
    for player in (run.players.generator, run.players.discriminator):
        name, start = player.name, player.start
        known: dict[str, Lazy] = {
            hint: lambda make=make, name=name, start=start: displacement(start, getattr(make(), name))  # type: ignore[misc]
            for hint, make in mistakes.items()
        }
        known[f"Did the {name} not move at all?"] = 0 * displacement(start, start)
        expect_close(
            player.moved(),
            displacement(start, getattr(_right(run), name)),
            f"how training moved the {name}",
            forward=False,
            hint=STEPS_HINT,
            mistakes=known,
            own=[
                lambda make=make, name=name, start=start: displacement(  # type: ignore[misc]
                    start, getattr(make(), name)
                )
                for make in _others(run, submission)
            ],
        )


def retrain(run: Run, **changes: Any) -> Callable[[], Trajectory]:
    """The reference's trajectory on this run's noise, with what a mistake changes."""
    return lambda: reference.train(*run.players.start, run.batches, run.noises, **{**run.settings, **changes})


def follows_steps(run: Run, submission: Submission, agrees: Callable[[Trajectory], bool]) -> bool:
    """Does the run agree with where the student's own steps lead?"""
    try:
        return agrees(_follow(run, submission))
    except WrongAnswer:
        return False


def _others(run: Run, submission: Submission) -> list[Callable[[], Trajectory]]:
    """Trajectories that count as right, too: another weight decay has a test of its own, steps have theirs."""
    return [retrain(run, weight_decay=0.0), retrain(run, decoupled=True), lambda: _follow(run, submission)]


def _right(run: Run) -> Trajectory:
    if not run.right:
        run.right.append(retrain(run)())
    return run.right[0]


def _follow(run: Run, submission: Submission) -> Trajectory:
    """Where the student's own steps lead with this run's noise; WrongAnswer if their losses say nothing."""
    if not run.followed:
        run.followed.append(_drive(run, submission))
    trajectory = run.followed[0]
    losses = torch.tensor([*trajectory.generator_losses, *trajectory.discriminator_losses])
    if not losses.isfinite().all() or len(losses.unique()) < len(losses) // 2:
        raise WrongAnswer("steps whose losses are always the same cannot be followed", "")
    return trajectory


def _drive(run: Run, submission: Submission) -> Trajectory:
    """Call the student's own steps, one by one, with the noise of the run and PyTorch's Adam."""
    players = make_players(submission, *run.players.start)
    options = {
        "lr": run.settings.get("learning_rate", reference.DEFAULT_LEARNING_RATE),
        "betas": run.settings.get("betas", reference.DEFAULT_BETAS),
        "weight_decay": reference.WEIGHT_DECAY,
    }
    generator_adam = submission.optimizer("Adam", players.generator.module, **options)
    discriminator_adam = submission.optimizer("Adam", players.discriminator.module, **options)
    generator_losses: list[float] = []
    discriminator_losses: list[float] = []
    for real, noise in zip(run.batches, run.noises, strict=True):
        for fresh in noise.discriminator:
            answer = submission.call("discriminator_step", *players.modules, discriminator_adam, real, fresh)
        discriminator_losses.append(follow_through.ask_number(submission, answer))
        answer = submission.call("generator_step", *players.modules, generator_adam, noise.generator)
        generator_losses.append(follow_through.ask_number(submission, answer))
    return Trajectory(
        players.generator.parameters(), players.discriminator.parameters(), generator_losses, discriminator_losses
    )


def _assign(calls: list[Tensor], batches: list[Tensor], discriminator_steps: int, noise_dim: int) -> list[Noise]:
    """Which noise went into which step; the generator's step may use the noise of the last discriminator step again."""
    for drawn in (calls, _without_repeats(calls)):
        each = len(drawn) // len(batches)
        if each * len(batches) == len(drawn) and each in (discriminator_steps, discriminator_steps + 1):
            rows = [drawn[start : start + each] for start in range(0, len(drawn), each)]
            break
    else:
        raise WrongAnswer(
            f"the generator was asked {len(calls)} times for {len(batches)} batches, with {discriminator_steps} "
            "discriminator steps and one generator step for each",
            "Are there discriminator_steps steps of the discriminator for each step of the generator?",
        )
    for row, batch in zip(rows, batches, strict=True):
        for noise in row:
            expect(
                tuple(noise.shape) == (len(batch), noise_dim),
                f"noise of shape {tuple(noise.shape)} for a batch of {len(batch)} pictures",
                NOISE_HINT,
            )
    return [Noise(tuple(row[:discriminator_steps]), row[-1]) for row in rows]


def _without_repeats(calls: list[Tensor]) -> list[Tensor]:
    """Calls with the same noise as the one before are one: a step may ask its generator twice."""
    return [
        call
        for index, call in enumerate(calls)
        if index == 0 or call.shape != calls[index - 1].shape or not torch.equal(call, calls[index - 1])
    ]
