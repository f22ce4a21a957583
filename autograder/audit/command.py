"""A whole audit of one assignment, run and printed."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from rich.console import Console
from tqdm import tqdm

from autograder.audit.bench import Bench
from autograder.audit.cases import find_cases, read_solution
from autograder.audit.cost import measure_cost, measure_tests
from autograder.audit.report import Findings, describe, summarise
from autograder.audit.seeds import find_flakes
from autograder.audit.verdicts import audit
from autograder.course import Assignment, Course
from autograder.errors import GraderError
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.isolation import Level
from autograder.sandbox.launch import Sandbox

if TYPE_CHECKING:
    from autograder.audit.trials import Mutation

COST_SAMPLES = 9  # the least counts: whatever else runs on a machine only adds
PROCESSES = 2
WIDTH = 110  # where the output is no terminal


def audit_assignment(
    course: Course,
    assignment: Assignment,
    level: Level,
    exercise_ids: list[str],
    *,
    hand_written: bool = True,
    automatic: bool = True,
    seeds: int = 0,
) -> bool:
    """Audit one assignment, or only some of its exercises, and print what came of it; whether all is as it must be."""
    exercises = [exercise for exercise in assignment.graded if not exercise_ids or exercise.id in exercise_ids]
    findings = Findings(assignment, exercises, seeds=seeds if hand_written else 0)
    with Sandbox(level, assignment.release.parent) as sandbox:

        def run(suite: Suite) -> None:
            if hand_written:
                _grade_cases(suite, sandbox, findings)
            if not any(v.problems for v in findings.verdicts if v.case.kind == "solution"):
                if automatic:
                    findings.mutation = _mutate(suite, sandbox, findings)
                _measure(suite, sandbox, findings)

        open_suite(assignment, read_salt(course.root), run)
        if findings.seeds:
            findings.flakes = find_flakes(assignment, sandbox, exercises, findings.seeds, PROCESSES)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(summarise(findings))
    for line in describe(findings):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return findings.sound


def _grade_cases(suite: Suite, sandbox: Sandbox, findings: Findings) -> None:
    ids = {"", *(exercise.id for exercise in findings.exercises)}
    cases = [case for case in find_cases(suite.assignment) if case.exercise in ids]
    graded = audit(suite, sandbox, cases)
    bar = tqdm(graded, total=len(cases), desc=suite.assignment.name, unit="case", disable=None)
    findings.verdicts.extend(bar)


def _measure(suite: Suite, sandbox: Sandbox, findings: Findings) -> None:
    """CPU seconds of right answers; only where they are right."""
    solution = read_solution(suite.assignment)
    findings.submission_seconds = min(measure_cost(suite, sandbox, solution) for _ in range(COST_SAMPLES))
    seconds = {}
    for exercise in findings.exercises:
        with closing(Bench(suite, sandbox, solution, exercise)) as bench:
            seconds[exercise.id] = measure_tests(bench, COST_SAMPLES)
    findings.test_seconds = seconds


def _mutate(suite: Suite, sandbox: Sandbox, findings: Findings) -> "Mutation":
    try:
        from autograder.audit.trials import mutate
    except ModuleNotFoundError as error:  # grading needs no mutation library
        raise GraderError(
            f"automatic mutants need the package {error.name}, which is not installed; "
            "pip install mutmut, or audit with --hand-written"
        ) from None
    return mutate(suite, sandbox, read_solution(suite.assignment), findings.exercises, PROCESSES)
