"""Right and wrong answers under other seeds of the hidden inputs: a verdict must not hang on the course's salt.

Each answer is judged by its own exercise's tests only; those of an exercise share a worker for each salt (bench.py).
"""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from tqdm import tqdm

from autograder.audit.bench import Bench
from autograder.audit.cases import Case, find_cases, read_solution
from autograder.course import Assignment, Exercise
from autograder.plugin import Suite, open_suite
from autograder.results import TestResult
from autograder.sandbox.launch import Sandbox


@dataclass(frozen=True)
class Flake:
    """A test that a right answer does not pass under every seed; `message`: what it said first."""

    exercise: str
    answer: str
    test: str
    failed: int
    seeds: int
    message: str

    def __str__(self) -> str:
        place = f"test_{self.exercise}.py: {self.test!r} fails the {self.answer}"
        return f"{place} under {self.failed} of {self.seeds} seeds: {self.message}"


@dataclass(frozen=True)
class Failures:
    """The tests of its exercise that an answer did not pass under one salt."""

    case: Case
    tests: tuple[TestResult, ...]


def find_flakes(
    assignment: Assignment, sandbox: Sandbox, exercises: Sequence[Exercise], seeds: int, processes: int
) -> list[Flake]:
    """Judge the solution and every variant under so many salts; the tests that one of them fails, and how often."""
    right = [case for case in find_answers(assignment, exercises) if case.kind != "mutant"]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, fork, _begin_process, (assignment, sandbox, right)) as pool:
        judged = pool.map(_judge_here, [f"seed {number}" for number in range(seeds)])
        bar = tqdm(judged, total=seeds, desc=f"{assignment.name}, seeds", unit="seed", disable=None)
        return count_flakes([failures for verdicts in bar for failures in verdicts], seeds)


def find_answers(assignment: Assignment, exercises: Sequence[Exercise]) -> list[Case]:
    """Mutants and variants of some exercises; last the solution of each, which fails where one spoilt the worker."""
    ids = {exercise.id for exercise in exercises}
    own = {cell.exercise: cell.source for cell in read_solution(assignment).cells if cell.exercise in ids}
    solutions = [Case("solution", exercise.id, "solution", source=own[exercise.id]) for exercise in exercises]
    return [*(case for case in find_cases(assignment) if case.exercise in ids), *solutions]


def judge_answers(assignment: Assignment, sandbox: Sandbox, salt: str, cases: Sequence[Case]) -> list[Failures]:
    """Judge answers under one salt, in their order by exercise, a wrong one up to the first point that it loses."""
    found: list[Failures] = []
    open_suite(assignment, salt, lambda suite: found.extend(_judge_each(suite, sandbox, cases)))
    return found


def count_flakes(judged: Sequence[Failures], seeds: int) -> list[Flake]:
    """What the same right answers failed under all seeds together, most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    messages: dict[tuple[str, str, str], str] = {}
    for failures in judged:
        for test in failures.tests:
            case = failures.case
            answer = case.kind if case.kind == "solution" else f"{case.kind} {case.name}"
            key = (case.exercise, answer, test.name)
            counts[key] += 1
            messages.setdefault(key, " ".join(f"{test.status}: {test.message}".split())[:300])
    return [Flake(*key, failed, seeds, messages[key]) for key, failed in counts.most_common()]


def _judge_each(suite: Suite, sandbox: Sandbox, cases: Sequence[Case]) -> Iterator[Failures]:
    solution = read_solution(suite.assignment)
    for exercise in suite.assignment.graded:
        with closing(Bench(suite, sandbox, solution, exercise)) as bench:
            for case in cases:
                if case.exercise == exercise.id:
                    bench.put(case.source)
                    lost = (test for test in bench.run_tests() if test.status != "passed")
                    yield Failures(case, tuple(islice(lost, 1) if case.kind == "mutant" else lost))


_here: tuple[Assignment, Sandbox, Sequence[Case]] | None = None  # of a process that judges answers


def _begin_process(assignment: Assignment, sandbox: Sandbox, cases: Sequence[Case]) -> None:
    global _here
    _here = (assignment, sandbox.attach(), cases)


def _judge_here(salt: str) -> list[Failures]:
    if _here is None:
        raise RuntimeError("a process that has not begun cannot judge an answer")
    assignment, sandbox, cases = _here
    return judge_answers(assignment, sandbox, salt, cases)
