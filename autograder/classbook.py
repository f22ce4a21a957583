"""The class as a whole: scores set by an instructor (overrides.toml), class.csv, class.json, the terminal's table.

An overrides.toml holds entries such as

    [[override]]
    student = "ada"
    assignment = "vanilla_gan"
    exercise = "generator"
    score = 9
    reason = "Shown working in the lab."
"""

import csv
import io
import math
import os
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from rich import box
from rich.table import Table
from rich.text import Text

from autograder.course import Assignment, Course, did_you_mean
from autograder.errors import AuthorError, GraderError
from autograder.results import ExerciseResult, ExerciseStatus, Grade, SubmissionStatus, visible_text, write_whole

COLUMNS = ("student", "assignment", "status", "score", "max_score", "needs_manual", "submitted_at", "exercises", "note")

# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_EXERCISE_MARKS: dict[ExerciseStatus, tuple[str, str]] = {
    "passed": ("●", "green"),
    "partial": ("◐", "yellow"),
    "failed": ("○", "red"),
    "missing": ("–", "red"),
    "error": ("×", "red"),
    "timeout": ("×", "red"),
    "memory": ("×", "red"),
    "internal": ("?", "magenta"),
}
_STATUS_STYLES: dict[SubmissionStatus, str] = {
    "graded": "",
    "missing": "dim",
    "unreadable": "red",
    "internal_error": "magenta",
}
_LEGEND = "● full  ◐ part  ○ none  – missing  × stopped  ? grader's fault  ✎ by hand  * set by an instructor"


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A score that an instructor set by hand, and why; it replaces what the suite found."""

    student: str
    assignment: str
    exercise: str
    score: float
    reason: str


class _Overrides(msgspec.Struct, forbid_unknown_fields=True):
    """A whole overrides.toml."""

    override: list[Override] = []


def read_overrides(path: Path, course: Course) -> tuple[Override, ...]:
    """The scores set in an overrides.toml; none if there is no such file.

    Read strictly: a key, assignment or exercise that does not exist, a score outside 0 … points, a missing reason or a
    score set twice is a GraderError that says which and what to write instead.
    """
    if not os.path.lexists(path):  # a link that leads nowhere is no reason to leave scores out
        return ()
    try:
        overrides = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Overrides).override
    except OSError as error:
        raise GraderError(f"{path}: expected a file that can be read, got: {error.strerror}; mend it first") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GraderError(f"{path}: expected TOML, got: {error}; correct it, then run the command again") from None
    except msgspec.ValidationError as error:
        raise GraderError(f"{path}: {error}{_key_suggestion(str(error))}") from None
    seen: set[tuple[str, str, str]] = set()
    for number, override in enumerate(overrides, start=1):
        place = f"{path}: [[override]] number {number} ({override.student})"
        _check_override(place, override, course)
        key = (override.student, override.assignment, override.exercise)
        if key in seen:
            raise GraderError(f"{place}: {override.assignment}, {override.exercise} is set twice; keep one of them")
        seen.add(key)
    return tuple(overrides)


def overrides_of(grade: Grade, overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Those that concern one submission."""
    return tuple(o for o in overrides if (o.student, o.assignment) == (grade.student, grade.assignment))


def apply_overrides(grade: Grade, assignment: Assignment, overrides: Iterable[Override]) -> Grade:
    """The grade with an instructor's scores in place of the suite's; the record on disk is left as it was.

    A written question that got a score counts from then on, in score and in max_score. An internal error whose open
    scores were all set is settled: "graded".
    """
    mine = overrides_of(grade, overrides)
    if not mine:
        return grade
    results = {result.id: result for result in grade.exercises}
    for override in mine:
        exercise = assignment.exercise(override.exercise)
        old = results.get(exercise.id)
        results[exercise.id] = ExerciseResult(
            id=exercise.id,
            title=exercise.title,
            score=override.score,
            max_score=exercise.points,
            status="passed" if override.score == exercise.points else "partial" if override.score else "failed",
            tests=old.tests if old else (),
        )
    ordered = tuple(results[exercise.id] for exercise in assignment.exercises if exercise.id in results)
    settled = {override.exercise for override in mine}
    written = sum(exercise.points for exercise in assignment.manual if exercise.id in settled)
    unsettled = any(result.score is None for result in ordered) or {e.id for e in assignment.graded} - results.keys()
    return msgspec.structs.replace(
        grade,
        exercises=ordered,
        score=sum(result.score or 0.0 for result in ordered),
        max_score=assignment.max_score + written,
        needs_manual=tuple(name for name in grade.needs_manual if name not in settled),
        status="graded" if grade.status == "internal_error" and not unsettled else grade.status,
    )


def unmatched_overrides(grades: Iterable[Grade], overrides: Iterable[Override]) -> tuple[str, ...]:
    """A sentence for each override that no submission took, so that none is lost silently."""
    graded = {(grade.student, grade.assignment) for grade in grades}
    students = sorted({student for student, _ in graded})
    lost = []
    for override in overrides:
        if (override.student, override.assignment) in graded:
            continue
        known = override.student in students
        why = f"no result for {override.assignment}" if known else "no such student among the results"
        suggestion = "" if known else did_you_mean(override.student, students)
        lost.append(visible_text(f"overrides.toml: {override.student}, {override.exercise}: {why}{suggestion}"))
    return tuple(lost)


def class_table(grades: Sequence[Grade], overrides: Sequence[Override] = ()) -> Table:
    """The class for a terminal of 100 columns; one mark for each exercise, in the assignment's order."""
    table = Table(box=box.SIMPLE_HEAD, caption=_LEGEND, caption_justify="left", pad_edge=False)
    for name in ("Student", "Assignment"):
        table.add_column(name, min_width=10, max_width=20)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    table.add_column("Exercises", no_wrap=True)
    table.add_column("Note", min_width=10)  # in a narrow terminal rich shortens the columns that are not no_wrap
    for grade in sorted(grades, key=lambda grade: (grade.student, grade.assignment)):
        score = "–" if grade.score is None else f"{grade.score:g}"
        table.add_row(
            _one_line(grade.student),
            _one_line(grade.assignment),
            Text(f"{score} / {grade.max_score:g}"),
            Text(grade.status.replace("_", " "), style=_STATUS_STYLES[grade.status]),
            _strip(grade, {override.exercise for override in overrides_of(grade, overrides)}),
            _one_line(_note(grade)),
        )
    return table


def write_class(
    grades: Sequence[Grade], folder: Path, overrides: Sequence[Override] = (), unmatched: Sequence[str] = ()
) -> None:
    """Write class.csv and class.json below `folder`, each whole; `grades` have their overrides applied already."""
    ordered = sorted(grades, key=lambda grade: (grade.student, grade.assignment))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for grade in ordered:
        writer.writerow([harmless_cell(cell) for cell in _row(grade, overrides_of(grade, overrides))])
    # The mark at the beginning makes Excel read UTF-8.
    write_whole(folder / "class.csv", b"\xef\xbb\xbf" + text.getvalue().encode())
    summary = {
        "schema": 1,
        "submissions": [_entry(grade, overrides_of(grade, overrides)) for grade in ordered],
        "unmatched_overrides": list(unmatched),
    }
    write_whole(folder / "class.json", msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")


def _check_override(place: str, override: Override, course: Course) -> None:
    try:
        exercise = course.assignment(override.assignment).exercise(override.exercise)
    except (AuthorError, GraderError) as error:
        raise GraderError(f"{place}: {error}") from None
    if not math.isfinite(override.score) or not 0 <= override.score <= exercise.points:
        raise GraderError(
            f"{place}: {exercise.id}: expected a score from 0 to {exercise.points:g} (its points), "
            f"got {override.score:g}; extra credit is given in nbgrader's formgrader"
        )
    if not override.reason.strip():
        raise GraderError(f"{place}: {exercise.id}: expected a reason (the student will read it), got an empty one")


def _key_suggestion(message: str) -> str:
    unknown = re.search(r"unknown field `([^`]*)`", message)
    known = ["override", *Override.__struct_fields__]
    return f"{did_you_mean(unknown.group(1), known)} (keys: {', '.join(known)})" if unknown else ""


def _row(grade: Grade, overrides: Sequence[Override]) -> list[str | float]:
    exercises = "; ".join(
        f"{e.id} {'?' if e.score is None else format(e.score, 'g')}/{e.max_score:g}" for e in grade.exercises
    )
    note = " | ".join([*filter(None, [_note(grade)]), *(f"{o.exercise} set: {o.reason}" for o in overrides)])
    return [
        grade.student,
        grade.assignment,
        grade.status,
        "" if grade.score is None else grade.score,
        grade.max_score,
        " ".join(grade.needs_manual),
        grade.submitted_at,
        exercises,
        note,
    ]


def _entry(grade: Grade, overrides: Sequence[Override]) -> dict[str, object]:
    """One submission in class.json: the record without its tests and cells."""
    return {
        "student": visible_text(grade.student),
        "assignment": grade.assignment,
        "status": grade.status,
        "score": grade.score,
        "max_score": grade.max_score,
        "needs_manual": grade.needs_manual,
        "submitted_at": visible_text(grade.submitted_at),
        "note": visible_text(_note(grade)),
        "exercises": [
            {"id": e.id, "score": e.score, "max_score": e.max_score, "status": e.status} for e in grade.exercises
        ],
        "overrides": [{"exercise": o.exercise, "score": o.score, "reason": o.reason} for o in overrides],
    }


def _note(grade: Grade) -> str:
    """What a person who looks at the class should know about this row."""
    notes = [grade.message] if grade.message else []
    if grade.repairs:
        notes.append(f"{len(grade.repairs)} repair{'s' if len(grade.repairs) > 1 else ''}")
    return ", ".join(notes)


def _strip(grade: Grade, overridden: set[str]) -> Text:
    strip = Text()
    for exercise in grade.exercises:
        mark, style = _EXERCISE_MARKS[exercise.status]
        strip.append(mark + ("*" if exercise.id in overridden else ""), style=style)
    strip.append("✎" * len(grade.needs_manual), style="cyan")
    return strip


def _one_line(text: str) -> Text:
    """Text of a cell: one line, shortened where the column is narrow, never read as rich's markup."""
    return Text(" ".join(visible_text(text).split()), no_wrap=True, overflow="ellipsis")


def harmless_cell(cell: str | float) -> str | float:
    """Text that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    shown = visible_text(cell)
    return f"'{shown}" if shown.startswith(_FORMULA_STARTS) or shown.lstrip().startswith(_FORMULA_STARTS) else shown
