"""Automatic mutants graded: each only by its own exercise's tests, up to the first that it loses points in.

A mutant is *killed* when its exercise loses a point: by a wrong answer, an error, or a limit. Limits are much shorter
than a student's, since many mutants never end, and taken from what the right solution needs. Mutants of an exercise
share a worker (bench.py). Where the solution, asked for at the end, does not pass any more, one of them has spoilt the
worker for the next: then all are tried again, each with a worker of its own.
"""

import multiprocessing
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from tqdm import tqdm

from autograder.audit.bench import Bench
from autograder.audit.cost import measure_tests
from autograder.audit.equivalents import FILE, Equivalent, match_equivalents, read_equivalents
from autograder.audit.mutants import Mutant, find_mutants
from autograder.course import Exercise
from autograder.plugin import Suite
from autograder.sandbox.launch import Sandbox
from autograder.submission import Submission

BATCH = 32  # mutants that share a worker at most
CELL_SECONDS = 2.0  # for a cell, CPU time
LEAST_SECONDS = 1.0  # for a test, CPU time, beside three times what the solution's tests take together
Fate = Literal["killed", "survived", "internal"]


@dataclass(frozen=True)
class Trial:
    """What became of a mutant; `test`: the test that decided, and what it said."""

    mutant: Mutant
    fate: Fate
    test: str = ""
    message: str = ""


@dataclass(frozen=True)
class Mutation:
    """What became of all mutants of some exercises, and which are no mistakes."""

    trials: tuple[Trial, ...]
    equivalents: dict[Mutant, Equivalent]

    def of(self, exercise_ids: Collection[str]) -> "Mutation":
        """The part that belongs to some exercises."""
        return replace(self, trials=tuple(trial for trial in self.trials if trial.mutant.exercise in exercise_ids))

    @property
    def counted(self) -> int:
        """Mutants that a suite should kill: all but the equivalent ones."""
        return sum(trial.mutant not in self.equivalents for trial in self.trials)

    @property
    def killed(self) -> int:
        return sum(trial.fate == "killed" and trial.mutant not in self.equivalents for trial in self.trials)

    @property
    def score(self) -> float:
        """The share of the counted ones that is killed; 1 if there are none."""
        return self.killed / self.counted if self.counted else 1.0

    @property
    def survivors(self) -> list[Mutant]:
        return [t.mutant for t in self.trials if t.fate == "survived" and t.mutant not in self.equivalents]

    @property
    def problems(self) -> list[str]:
        """What is wrong besides survivors: tests that fail by themselves, entries of the list that are not true."""
        found = []
        for trial in self.trials:
            entry = self.equivalents.get(trial.mutant)
            if trial.fate == "internal":
                place = f"{trial.mutant.exercise}: {trial.mutant.before!r} → {trial.mutant.after!r}"
                found.append(f"{place}: the test {trial.test!r} fails by itself: {trial.message}")
            elif trial.fate == "killed" and entry is not None and not entry.either:
                found.append(f"{FILE}: {entry}: said to be equivalent, but {trial.test!r} kills it; remove the entry")
        return found


def mutate(
    suite: Suite, sandbox: Sandbox, solution: Submission, exercises: Sequence[Exercise], processes: int
) -> Mutation:
    """Try all mutants of some exercises' solutions; AuthorError if the list of equivalent ones is not right."""
    assignment = suite.assignment
    mutants = [mutant for exercise in exercises for mutant in mutants_of(solution, exercise)]
    ids = {exercise.id for exercise in exercises}
    entries = [entry for entry in read_equivalents(assignment) if entry.exercise in ids]
    equivalents = match_equivalents(assignment, entries, mutants)
    trials = try_all(suite, sandbox, solution, mutants, processes)
    bar = tqdm(trials, total=len(mutants), desc=f"{assignment.name}, automatic", unit="mutant", disable=None)
    return Mutation(tuple(bar), equivalents)


def mutants_of(solution: Submission, exercise: Exercise) -> list[Mutant]:
    """All mutants of an exercise's solution."""
    return find_mutants(exercise.id, next(cell.source for cell in solution.cells if cell.exercise == exercise.id))


def try_all(
    suite: Suite, sandbox: Sandbox, solution: Submission, mutants: Sequence[Mutant], processes: int
) -> Iterator[Trial]:
    """Try mutants, in their order; on several processes, each with a line of its own to the sandbox."""
    batches = [
        tuple(group[first : first + BATCH])
        for group in (list(same) for _, same in groupby(mutants, key=lambda mutant: mutant.exercise))
        for first in range(0, len(group), BATCH)
    ]
    if processes == 1:
        for batch in batches:
            yield from try_together(suite, sandbox, solution, batch)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, fork, _begin_process, (suite, sandbox, solution)) as pool:
        for trials in pool.map(_try_here, batches):
            yield from trials


def try_together(suite: Suite, sandbox: Sandbox, solution: Submission, mutants: Sequence[Mutant]) -> list[Trial]:
    """Try mutants of one exercise in one worker; if one of them spoils it, each in a worker of its own."""
    exercise = suite.assignment.exercise(mutants[0].exercise)
    with closing(Bench(suite, sandbox, solution, exercise, CELL_SECONDS)) as bench:
        seconds = min(exercise.cpu_seconds, LEAST_SECONDS + 3 * measure_tests(bench))
        trials = [try_mutant(bench, mutant, seconds) for mutant in mutants]
        bench.put(bench.solution)
        sound = all(test.status == "passed" for test in bench.run_tests())
    return trials if sound else [_try_alone(suite, sandbox, solution, mutant, seconds) for mutant in mutants]


def try_mutant(bench: Bench, mutant: Mutant, seconds: float) -> Trial:
    """Grade one mutant until it loses points, each test with so many CPU seconds."""
    bench.suite.faults.clear()
    bench.put(mutant.source)
    for test in bench.run_tests(seconds):
        if test.status == "internal":
            return Trial(mutant, "internal", test.name, "\n".join(bench.suite.faults)[-2000:])
        if test.status != "passed":
            return Trial(mutant, "killed", test.name, f"{test.message} {test.hint}".strip())
    return Trial(mutant, "survived")


def _try_alone(suite: Suite, sandbox: Sandbox, solution: Submission, mutant: Mutant, seconds: float) -> Trial:
    exercise = suite.assignment.exercise(mutant.exercise)
    with closing(Bench(suite, sandbox, solution, exercise, CELL_SECONDS)) as bench:
        return try_mutant(bench, mutant, seconds)


_here: tuple[Suite, Sandbox, Submission] | None = None  # of a process that tries mutants


def _begin_process(suite: Suite, sandbox: Sandbox, solution: Submission) -> None:
    global _here
    _here = (suite, sandbox.attach(), solution)


def _try_here(mutants: Sequence[Mutant]) -> list[Trial]:
    if _here is None:
        raise RuntimeError("a process that has not begun cannot try a mutant")
    return try_together(*_here, mutants)
