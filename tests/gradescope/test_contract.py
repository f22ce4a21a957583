"""results.json to the letter of Gradescope's contract, whatever there is to say."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest

from autograder.course import Assignment, Exercise, Limits
from autograder.gradescope.contract import (
    LONGEST_OUTPUT,
    describe_fault,
    describe_grade,
    describe_progress,
    encode_results,
)
from autograder.results import CellResult, ExerciseResult, Grade, TestResult

Points = Annotated[float, msgspec.Meta(ge=0)]
Format = Literal["text", "html", "simple_format", "md", "ansi"]
Shown = Literal["hidden", "after_due_date", "after_published", "visible"]


class TestOfContract(msgspec.Struct, forbid_unknown_fields=True):
    """What the contract allows in `tests`."""

    __test__ = False

    name: str
    number: str
    output: str
    output_format: Format
    visibility: Shown
    tags: list[str] = []
    score: Points | None = None
    max_score: Points | None = None
    status: Literal["passed", "failed"] | None = None


class Contract(msgspec.Struct, forbid_unknown_fields=True):
    """What the contract allows at the top; no leaderboard, which would rank students."""

    tests: list[TestOfContract]
    execution_time: Points
    output: str
    output_format: Format
    test_output_format: Format
    visibility: Shown
    stdout_visibility: Shown
    extra_data: dict[str, Any]
    score: Points | None = None


ASSIGNMENT = Assignment(
    Path("/course"),
    "small",
    "Small",
    1,
    (
        Exercise("double", "Double", 3.0, ("double",), False, 5.0),
        Exercise("reason", "Why?", 4.0, (), True, 5.0, "after_published"),
        Exercise("halve", "Halve", 2.0, ("halve",), False, 5.0, "hidden"),
    ),
    (),
    Limits(10.0, 60.0, 1024),
)
RIGHT = TestResult(name="Doubles", status="passed", points=2.0, max_points=2.0)
WRONG = TestResult(
    name="Doubles zero",
    status="failed",
    points=0.0,
    max_points=1.0,
    message="expected shape (), got (1,)",
    hint="Mean?",
)
DOUBLE = ExerciseResult(id="double", title="Double", score=2.0, max_score=3.0, status="partial", tests=(RIGHT, WRONG))
HALVE = ExerciseResult(
    id="halve",
    title="Halve",
    score=2.0,
    max_score=2.0,
    status="passed",
    tests=(TestResult(name="Halves", status="passed", points=2.0, max_points=2.0),),
)
INTERNAL = ExerciseResult(
    id="halve",
    title="Halve",
    score=None,
    max_score=2.0,
    status="internal",
    tests=(TestResult(name="Halves", status="internal", points=0.0, max_points=2.0, message="the grader failed"),),
)
GRADE = Grade(
    student="submission",
    assignment="small",
    status="graded",
    score=4.0,
    max_score=5.0,
    needs_manual=("reason",),
    isolation="landlock",
    versions={"torch": "2.14.1"},
    repairs=("cell double: metadata restored by function name",),
    exercises=(DOUBLE, HALVE),
    cells=(CellResult(id="cell_9", status="error", error="NameError: name 'plt' is not defined"),),
)


def read(results) -> Contract:
    return msgspec.json.decode(encode_results(results), type=Contract, strict=True)


def change(grade, **changes) -> Contract:
    return read(describe_grade(msgspec.structs.replace(grade, **changes), ASSIGNMENT, 7.25))


def test_graded_submission_has_a_score_and_one_test_for_each_exercise():
    results = read(describe_grade(GRADE, ASSIGNMENT, 7.25))
    assert (results.score, results.execution_time, results.stdout_visibility) == (4.0, 7.2, "hidden")
    assert [(t.name, t.number, t.score, t.max_score, t.status) for t in results.tests] == [
        ("Double", "1", 2.0, 3.0, "failed"),
        ("Why?", "2", None, None, None),
        ("Halve", "3", 2.0, 2.0, "passed"),
    ]
    assert sum(test.score or 0.0 for test in results.tests) == results.score
    assert results.tests[0].tags == ["double", "partial"]


def test_numbers_are_text_and_what_is_not_known_is_left_out():
    plain = msgspec.json.decode(encode_results(describe_grade(GRADE, ASSIGNMENT, 7.25)))
    assert {type(test["number"]) for test in plain["tests"]} == {str}
    assert {"score", "max_score", "status"}.isdisjoint(plain["tests"][1])
    assert "leaderboard" not in plain


def test_each_exercise_is_seen_when_its_description_says():
    results = read(describe_grade(GRADE, ASSIGNMENT, 7.25))
    assert [test.visibility for test in results.tests] == ["visible", "after_published", "hidden"]


def test_output_of_an_exercise_names_tests_reasons_and_hints():
    output = read(describe_grade(GRADE, ASSIGNMENT, 7.25)).tests[0].output
    assert output.splitlines() == [
        "✓ Doubles (2 of 2 points)",
        "✗ Doubles zero (0 of 1 points)",
        "    expected shape (), got (1,)",
        "    Hint: Mean?",
    ]


def test_output_names_isolation_repairs_cells_and_what_a_person_grades():
    output = read(describe_grade(GRADE, ASSIGNMENT, 7.25)).output
    assert "Score: 4 of 5 points." in output
    assert "Isolation: landlock (no namespaces" in output
    assert "metadata restored by function name" in output
    assert "cell_9: NameError: name 'plt' is not defined" in output
    assert "A person will read and grade: Why?" in output


@pytest.mark.parametrize("status", ["missing", "unreadable"])
def test_submission_without_a_notebook_gets_zero_and_is_told_what_to_hand_in(status):
    nothing = tuple(msgspec.structs.replace(e, score=0.0, status="missing", tests=()) for e in GRADE.exercises)
    results = change(GRADE, status=status, score=0.0, exercises=nothing, message="x.pdf: no notebook", needs_manual=())
    assert results.score == 0.0
    assert "small.ipynb" in results.output
    assert "x.pdf: no notebook" in results.output


def test_fault_of_the_grader_gives_no_score_anywhere_and_quotes_no_test():
    secret = "test_halve.py:7: assert reference.halve(3)"
    results = change(GRADE, status="internal_error", score=None, exercises=(DOUBLE, INTERNAL), message=secret)
    assert results.score is None
    assert [(test.score, test.max_score, test.status) for test in results.tests] == [(None, None, None)] * 3
    assert "fault of the autograder, not of yours" in results.output
    assert "Rerun Autograder" in results.output
    assert [test.number for test in results.tests] == ["1", "2", "3"]
    assert "reference.halve" not in encode_results(describe_grade(GRADE, ASSIGNMENT, 1.0)).decode() + repr(results)


def test_progress_counts_what_is_finished_and_says_what_is_not():
    results = read(describe_progress({"double": DOUBLE}, ASSIGNMENT, "nested", 3.0, stopped=False))
    assert (results.score, results.extra_data["status"]) == (2.0, "grading")
    assert [test.score for test in results.tests] == [2.0, None, 0.0]
    assert results.tests[2].output == "not graded yet"
    assert "has not finished" in results.output


def test_submission_stopped_by_the_time_limit_keeps_what_was_graded():
    results = read(describe_progress({"double": DOUBLE}, ASSIGNMENT, "nested", 3.0, stopped=True))
    assert (results.score, results.extra_data["status"]) == (2.0, "stopped")
    assert "the time was up" in results.tests[2].output
    assert "What had been graded counts" in results.output


def test_exercise_of_the_graders_fault_has_no_score_while_grading_goes_on():
    results = read(describe_progress({"halve": INTERNAL}, ASSIGNMENT, "nested", 3.0, stopped=False))
    assert results.tests[2].score is None


def test_fault_before_anything_ran_claims_no_isolation():
    assert "Isolation" not in read(describe_fault(ASSIGNMENT, "", 1.0)).output


def test_what_a_student_wrote_is_shown_as_text_and_bounded():
    loud = msgspec.structs.replace(WRONG, message="\x1b[31m<b>red</b>\u202e" + "a" * 2 * LONGEST_OUTPUT)
    exercises = (msgspec.structs.replace(DOUBLE, tests=(RIGHT, loud)), HALVE)
    test = change(GRADE, exercises=exercises).tests[0]
    assert test.output_format == "text"
    assert "<b>red</b>\\u202e" in test.output
    assert "\x1b" not in test.output
    assert len(test.output) <= LONGEST_OUTPUT + 2


def test_exercise_that_failed_for_one_reason_says_it_once():
    untouched = msgspec.structs.replace(WRONG, message="this exercise has not been filled in yet", hint="")
    nothing = msgspec.structs.replace(DOUBLE, score=0.0, status="missing", tests=(untouched, untouched))
    assert change(GRADE, exercises=(nothing, HALVE)).tests[0].output == "this exercise has not been filled in yet"
