"""All feedback that known-wrong submissions get: nothing that the grader kept to itself, and words that teach."""

import html
import re
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import pytest
import torch

from autograder import compare
from autograder.audit import Case
from autograder.course import Assignment, load_course
from autograder.feedback import render_feedback
from autograder.grading import UNTOUCHED
from autograder.results import Grade, TestResult
from autograder.sandbox.proxy import WrongAnswer
from tests.suites.auditing import ROOT, Audited, audit_watched
from tests.suites.secrets import Exchange, Watch, find_leaks, numbers, public_numbers

COURSE = load_course(ROOT)
LONGEST = 500
RAW = re.compile(r"tensor\(|array\(|Traceback|\bassert\b|0x[0-9a-f]{6}|\.py\b|/(?:work|home|usr|root)/|<\w+ object")
EXPECTED = re.compile(r"expected .+ got ")
SENTENCE = re.compile(r"[?.]\)?$")


@cache
def begin_audits() -> dict[str, Future[Audited]]:
    """Audits that no other file has begun in this run of the tests; those it has are waited for."""
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    return {assignment.name: pool.submit(audit_watched, assignment.name) for assignment in COURSE.assignments}


def audited(assignment: Assignment) -> Audited:
    return begin_audits()[assignment.name].result()


def failed_tests(grade: Grade) -> list[TestResult]:
    return [test for exercise in grade.exercises for test in exercise.tests if test.status != "passed"]


def failures(assignment: Assignment) -> list[tuple[Case, TestResult, Exchange]]:
    """Every failed test of every mutant, with what the grader kept to itself in it."""
    found = audited(assignment)
    return [
        (case, test, exchange)
        for case, verdict in found.verdicts.items()
        if case.kind == "mutant"
        for test, exchange in zip(failed_tests(verdict.grade), found.exchanges[case], strict=True)
    ]


def said_openly(assignment: Assignment) -> frozenset[float]:
    """Numbers of the assignment's text, of titles, and of the constant words of messages and hints."""
    suite = [path.read_text() for path in sorted(assignment.suite.glob("*.py"))]
    return public_numbers([assignment.text.read_text(), *suite])


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda each: each.name)
def test_feedback_holds_no_number_that_the_grader_kept_to_itself(assignment):
    public = said_openly(assignment)
    leaks = [
        f"{case.exercise}/{case.name}: {test.message!r}, {test.hint!r}: {leak}"
        for case, test, exchange in failures(assignment)
        for leak in find_leaks(f"{test.name} {test.message} {test.hint}", [exchange], public)
    ]
    assert leaks == []


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda each: each.name)
def test_feedback_pages_and_errors_of_cells_hold_no_such_number_either(assignment):
    public, found = said_openly(assignment), audited(assignment)
    leaks = []
    for case, verdict in found.verdicts.items():
        page = re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", render_feedback(verdict.grade, assignment))
        text = " ".join([html.unescape(page), *(cell.error for cell in verdict.grade.cells)])
        known = public | public_numbers(verdict.grade.versions.values())
        leaks += [f"{case.exercise}/{case.name}: {leak}" for leak in find_leaks(text, found.exchanges[case], known)]
    assert leaks == []


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda each: each.name)
def test_every_lost_point_is_explained(assignment):
    poor = [
        f"{case.exercise}/{case.name} ({test.status}): {test.message!r}, {test.hint!r}"
        for case, test, _ in failures(assignment)
        if test.message != UNTOUCHED and not explains(test)
    ]
    assert poor == []


def explains(test: TestResult) -> bool:
    """Whether a student learns what was looked at, what was expected and what came, in words and shapes."""
    text = f"{test.message} {test.hint}"
    told = EXPECTED.search(test.message) or test.hint or test.status != "failed"
    plain = len(test.message) <= LONGEST and "\n" not in text and not RAW.search(text)
    return bool(len(test.message.split()) > 2 and told and plain and (not test.hint or SENTENCE.search(test.hint)))


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ("", "Did you average?"),
        ("loss: got 3", ""),
        ("loss: expected tensor([1.0]), got tensor([2.0])", ""),
        ("loss: expected 1, got 2 at 0x7f3a12cc", ""),
        ("loss: expected another number, got 2", "average"),
        ("Traceback (most recent call last): expected 1, got 2", ""),
        ("loss: expected one, got " + "x" * LONGEST, ""),
    ],
)
def test_poor_feedback_is_told_from_good(message, hint):
    good = TestResult(name="t", status="failed", points=0, max_points=1, message="loss: expected shape (), got (3,)")
    assert explains(good)
    assert not explains(TestResult(name="t", status="failed", points=0, max_points=1, message=message, hint=hint))


def leaky(got, want, what, **options):
    """What compare.py must never be."""
    if not compare.is_close(got, want):
        raise WrongAnswer(f"{what}: expected {float(torch.as_tensor(want).max()):.3g}, got something else")


@pytest.mark.parametrize("judge", [leaky, compare.expect_close])
def test_the_scan_finds_a_message_that_gives_the_wanted_value_away_and_no_other(judge):
    log, want = Watch(), torch.tensor([0.1234567, 0.7654321])
    expect_close = log.compared(judge)

    def grade() -> TestResult:
        try:
            expect_close(2 * want, want, "loss of 300 samples")
        except WrongAnswer as wrong:
            return TestResult(name="t", status="failed", points=0, max_points=1, message=wrong.message)
        raise AssertionError("a wrong answer passed")

    failed = log.tested(grade)()
    leaks = find_leaks(failed.message, log.take(), public_numbers(["300 samples"]))
    assert leaks == (["0.765 is 0.7654321193695068"] if judge is leaky else [])


@pytest.mark.parametrize("said", ["0.693", "0.6931", "0.69315", "-0.693147", "69.3%", "6.93e-1"])
def test_a_hidden_number_is_found_however_it_is_rounded(said):
    exchange = Exchange("t", hidden=frozenset(numbers(torch.tensor(0.69314718))), own=frozenset())
    assert find_leaks(f"the loss is {said} there", [exchange], frozenset())
    assert not find_leaks(f"the loss is {said} there", [exchange], public_numbers([said.strip("-")]))


@pytest.mark.parametrize("said", ["0.694", "0.69", "0.6932", "6.93", "(693, 2)", "x0.693", "69.3"])
def test_other_numbers_are_let_pass(said):
    exchange = Exchange("t", hidden=frozenset(numbers(torch.tensor(0.69314718))), own=frozenset())
    assert not find_leaks(f"the loss is {said} there", [exchange], frozenset())
