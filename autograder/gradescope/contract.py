"""results.json as Gradescope reads it (gradescope-autograders.readthedocs.io, "Autograder Specifications").

Three things can be said: a score (`describe_grade`), the score so far (`describe_progress`), and that there is none
because the grader itself failed (`describe_fault`). The last has no score anywhere: Gradescope then shows none, where a
sum without what could not be graded would look like a grade. All text is plain: a student's code may have written it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from autograder.course import Assignment, Exercise, Visibility
from autograder.results import ExerciseResult, Grade, TestResult, visible_text
from autograder.sandbox.isolation import MEANING

OutputFormat = Literal["text", "html", "simple_format", "md", "ansi"]
LONGEST_OUTPUT = 20_000  # characters

_OUR_FAULT = (
    "This run failed by a fault of the autograder, not of yours: no score was given, and none was lost. Your "
    "submission is safe. Your instructor can run the autograder again (Rerun Autograder); you need not do a thing."
)
_SUBMISSION = {
    "missing": "No notebook was found in what you handed in. Submit {name}.ipynb itself, or a zip that holds it.",
    "unreadable": (
        "The file you handed in is not a notebook that can be opened. Open your notebook, save it, check that it opens "
        "again, and submit {name}.ipynb."
    ),
}


class TestCase(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of `tests`: here one exercise. Without a score, Gradescope shows its text only."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    number: str
    output: str
    output_format: OutputFormat = "text"
    visibility: Visibility
    tags: tuple[str, ...] = ()
    score: float | UnsetType = UNSET
    max_score: float | UnsetType = UNSET
    status: Literal["passed", "failed"] | UnsetType = UNSET


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. stdout is for instructors: a traceback of the grader's may quote a hidden test."""

    score: float | UnsetType = UNSET
    execution_time: float
    output: str
    output_format: OutputFormat = "text"
    test_output_format: OutputFormat = "text"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict[str, Any]
    tests: tuple[TestCase, ...]


def encode_results(results: Results) -> bytes:
    """Indented JSON."""
    return msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"


def describe_grade(grade: Grade, assignment: Assignment, seconds: float) -> Results:
    """What a Grade becomes, of any status."""
    if grade.status == "internal_error" or grade.score is None:
        return describe_fault(assignment, grade.isolation, seconds, {result.id: result for result in grade.exercises})
    first = _SUBMISSION.get(grade.status, "").format(name=assignment.name)
    lines = [f"{first} ({grade.message})" if first else f"Score: {grade.score:g} of {grade.max_score:g} points."]
    if grade.needs_manual:
        titles = ", ".join(assignment.exercise(name).title for name in grade.needs_manual)
        lines.append(f"A person will read and grade: {titles}.")
    lines += _list("Put right in your notebook before it was graded:", grade.repairs)
    stopped = [f"{cell.id}: {cell.error or cell.status}" for cell in grade.cells if cell.status in ("error", "timeout")]
    lines += _list("Cells that stopped (what follows from them is graded all the same):", stopped)
    lines.append(_tell_isolation(grade.isolation))
    record = msgspec.to_builtins(grade)
    kept = ("schema", "status", "isolation", "versions", "suite_sha256", "notebook_sha256", "submitted_at", "repairs")
    exercises = {result.id: result for result in grade.exercises}
    return Results(
        score=grade.score,
        execution_time=round(seconds, 1),
        output=_text(lines),
        extra_data={key: record[key] for key in kept},
        tests=tuple(
            _manual_case(number, exercise, exercise.id in grade.needs_manual)
            if exercise.manual
            else _graded_case(number, exercise, exercises[exercise.id])
            for number, exercise in enumerate(assignment.exercises, 1)
        ),
    )


def describe_progress(
    finished: Mapping[str, ExerciseResult], assignment: Assignment, isolation: str, seconds: float, *, stopped: bool
) -> Results:
    """What is known while grading goes on, or where it was `stopped` by the time limit."""
    waits = "not graded: the time was up before it was reached" if stopped else "not graded yet"
    happened = (
        "The time limit was reached before all exercises were graded. What had been graded counts; the rest has no "
        "points. Does your code wait for something, or run very long? If not, ask your instructor to run the "
        "autograder again."
        if stopped
        else "Grading has not finished: this is what was graded so far."
    )
    score = sum(result.score or 0.0 for result in finished.values())
    cases = []
    for number, exercise in enumerate(assignment.exercises, 1):
        result = finished.get(exercise.id)
        if exercise.manual:
            cases.append(_manual_case(number, exercise, waits=True))
        elif result is not None:
            cases.append(_graded_case(number, exercise, result))
        else:
            unreached = ExerciseResult(
                id=exercise.id, title=exercise.title, score=0.0, max_score=exercise.points, status="timeout"
            )
            cases.append(_graded_case(number, exercise, unreached, waits))
    return Results(
        score=score,
        execution_time=round(seconds, 1),
        output=_text(
            [f"Score so far: {score:g} of {assignment.max_score:g} points.", happened, _tell_isolation(isolation)]
        ),
        extra_data={"status": "stopped" if stopped else "grading", "isolation": isolation},
        tests=tuple(cases),
    )


def describe_fault(
    assignment: Assignment, isolation: str, seconds: float, finished: Mapping[str, ExerciseResult] | None = None
) -> Results:
    """The grader failed: what students may read, and no score, neither in all nor for an exercise."""
    known = finished or {}
    cases = []
    for number, exercise in enumerate(assignment.exercises, 1):
        if exercise.manual:
            cases.append(_manual_case(number, exercise, waits=True))
            continue
        result = known.get(exercise.id)
        tests = result.tests if result is not None and result.status != "internal" else ()
        output = _text(_tell_tests(tests)) or "not graded in this run"
        cases.append(_case(number, exercise, output))
    return Results(
        execution_time=round(seconds, 1),
        output=_text([_OUR_FAULT, *([_tell_isolation(isolation)] if isolation else [])]),
        extra_data={"status": "internal_error", "isolation": isolation},
        tests=tuple(cases),
    )


def _graded_case(number: int, exercise: Exercise, result: ExerciseResult, output: str = "") -> TestCase:
    if result.score is None:  # the grader's own fault in this exercise
        return _case(number, exercise, "not graded yet, by a fault of the autograder", result.status)
    return _case(
        number,
        exercise,
        output or _text(_tell_tests(result.tests)),
        result.status,
        score=result.score,
        max_score=result.max_score,
        status="passed" if result.status == "passed" else "failed",
    )


def _manual_case(number: int, exercise: Exercise, waits: bool) -> TestCase:
    arrived = "A person will read and grade your answer." if waits else "No answer was found in your notebook."
    return _case(number, exercise, f"{arrived} The autograder gives no points here.", "manual")


def _case(number: int, exercise: Exercise, output: str, *tags: str, **scores: Any) -> TestCase:
    return TestCase(
        name=exercise.title,
        number=str(number),
        output=output,
        visibility=exercise.visibility,
        tags=(exercise.id, *tags),
        **scores,
    )


def _tell_tests(tests: Iterable[TestResult]) -> list[str]:
    """Each hidden test by its name, what it gave, and for those not passed why, with the hint."""
    shown = list(tests)
    if shown and len({(test.status, test.message) for test in shown}) == 1 and shown[0].message and not shown[0].hint:
        return [shown[0].message]  # all for one reason: an exercise left as it was, say
    lines = []
    for test in shown:
        mark = "✓" if test.status == "passed" else "✗"
        lines.append(f"{mark} {test.name} ({test.points:g} of {test.max_points:g} points)")
        lines += [f"    {line}" for line in test.message.splitlines()]
        lines += [f"    Hint: {test.hint}"] if test.hint else []
    return lines


def _tell_isolation(isolation: str) -> str:
    meaning = MEANING.get(isolation)  # type: ignore[call-overload]  # "" where no code of theirs was run
    return (
        f"Isolation: {isolation} ({meaning})." if meaning else "Isolation: none was needed, no code of yours was run."
    )


def _list(title: str, entries: Iterable[str]) -> list[str]:
    found = list(entries)
    return [title, *(f"  - {entry}" for entry in found)] if found else []


def _text(lines: Iterable[str]) -> str:
    text = visible_text("\n".join(lines))
    return text if len(text) <= LONGEST_OUTPUT else f"{text[:LONGEST_OUTPUT]}\n…"
