"""The suites themselves put to the test: enough mutants and variants, of the right kind, with the right verdicts."""

import ast
import difflib
import json
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import pytest

from autograder.audit import Case, Verdict, find_cases
from autograder.audit.report import LEAST_SCORE, list_survivors
from autograder.audit.seeds import Failures, count_flakes, find_answers
from autograder.audit.trials import Mutation
from autograder.course import Assignment, load_course
from tests.suites.auditing import ROOT, audit_all
from tests.suites.mutating import mutate_all
from tests.suites.seeding import SALTS, judge_all

PROCESSES = 2
COURSE = load_course(ROOT)
EXERCISES = [(assignment, exercise.id) for assignment in COURSE.assignments for exercise in assignment.graded]
CASES = [(assignment, case) for assignment in COURSE.assignments for case in find_cases(assignment)]
MUTANTS = [(assignment, case) for assignment, case in CASES if case.kind == "mutant"]


def describe(value: object) -> str:
    if isinstance(value, Case):
        return "-".join(filter(None, (value.kind, value.exercise, value.name)))
    return value.name if isinstance(value, Assignment) else str(value)


@dataclass(frozen=True)
class Audits:
    """What becomes of each assignment's cases, of its automatic mutants, and of its answers under other seeds."""

    by_hand: dict[str, Future[dict[Case, Verdict]]]
    automatic: dict[str, Future[Mutation]]
    seeded: dict[str, Future[list[Failures]]]


@cache
def begin_audits() -> Audits:
    """The audits of all assignments, begun two at a time."""
    pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"))
    names = [assignment.name for assignment in COURSE.assignments[::-1]]  # dearest first
    return Audits(*({name: pool.submit(audit, name) for name in names} for audit in (audit_all, mutate_all, judge_all)))


@pytest.mark.parametrize(("assignment", "case"), CASES, ids=describe)
def test_case_gets_the_verdict_it_was_written_for(assignment, case):
    assert begin_audits().by_hand[assignment.name].result()[case].problems == ()


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=describe)
def test_automatic_mutants_are_killed_but_for_one_in_twenty(assignment):
    mutation = begin_audits().automatic[assignment.name].result()
    assert mutation.problems == []
    assert mutation.score >= LEAST_SCORE, "\n".join(list_survivors(mutation))


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=describe)
def test_right_answers_pass_under_every_seed(assignment):
    right = [failures for failures in judge(assignment) if failures.case.kind != "mutant"]
    expected = [case for case in find_answers(assignment, assignment.graded) if case.kind != "mutant"]
    assert sorted(map(describe, (failures.case for failures in right))) == sorted(map(describe, expected * len(SALTS)))
    assert count_flakes(right, len(SALTS)) == []


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=describe)
def test_mutants_lose_points_under_another_seed_too(assignment):
    wrong = [failures for failures in judge(assignment) if failures.case.kind == "mutant"]
    assert {failures.case for failures in wrong} == {case for of, case in MUTANTS if of == assignment}
    assert [describe(failures.case) for failures in wrong if not failures.tests] == []


def judge(assignment: Assignment) -> list[Failures]:
    """What became of an assignment's answers under other seeds."""
    return begin_audits().seeded[assignment.name].result()


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=describe)
def test_exercise_has_mutants_that_fool_its_visible_check_and_variants(assignment, exercise):
    mine = [case for case in find_cases(assignment) if case.exercise == exercise]
    mutants = [case for case in mine if case.kind == "mutant"]
    assert len(mutants) >= 4
    assert sum(case.visible for case in mutants) >= 2
    assert len([case for case in mine if case.kind == "variant"]) >= 2


@pytest.mark.parametrize(("assignment", "case"), MUTANTS, ids=describe)
def test_mutant_is_one_line_away_from_a_right_answer(assignment, case):
    notebook = json.loads((assignment.source / f"{assignment.name}.ipynb").read_bytes())
    solution = next("".join(cell["source"]) for cell in notebook["cells"] if cell["id"] == case.exercise)
    variants = [c.source for c in find_cases(assignment) if c.kind == "variant" and c.exercise == case.exercise]
    assert min(changed_lines(right, case.source) for right in [solution, *variants]) == 1


def changed_lines(right: str, wrong: str) -> int:
    """Lines that differ, changed ones counted once; docstrings, comments and layout do not count."""
    pairs = difflib.SequenceMatcher(None, plain_lines(right), plain_lines(wrong), autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in pairs if kind != "equal")


def plain_lines(source: str) -> list[str]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = body[1:] or [ast.Pass()]
    return ast.unparse(tree).splitlines()
