"""The class student by student: rows of the report's table, and what waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.classbook import Override
from autograder.records import Records
from autograder.report.chapters import Chapter, is_late
from autograder.results import Grade

TASKS_SHOWN = 20  # the others fold away
# What the table can be narrowed down to, by the word that rows carry.
FILTERS = {
    "person": "wait for a person",
    "missing": "miss a notebook",
    "repaired": "were repaired",
    "set": "have scores set by hand",
    "late": "were late",
}


@dataclass(frozen=True)
class Cell:
    """A student's score in an assignment; None while it is open, `word` says why there is none to show."""

    score: float | None
    word: str


@dataclass(frozen=True)
class Row:
    """A student. `percent` is over all assignments with a settled score (a missing one has 0, an unreadable one waits
    for a person); `flags` are keys of FILTERS.
    """

    student: str
    percent: float | None
    cells: tuple[Cell, ...]
    repairs: int
    seconds: float
    notes: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """Something that only a person can settle."""

    kind: str
    student: str
    assignment: str
    detail: str


def list_rows(records: Records, chapters: Sequence[Chapter], due: Mapping[str, datetime]) -> tuple[Row, ...]:
    """A row for each student, in the order of their names; who has only broken records is among them."""
    grades = {(grade.student, grade.assignment): grade for grade in records.grades}
    broken = {(record.student, record.assignment) for record in records.broken}
    students = sorted({student for student, _ in [*grades, *broken]})
    names = [chapter.assignment.name for chapter in chapters]
    return tuple(
        _row(student, [(name, grades.get((student, name)), (student, name) in broken) for name in names], records, due)
        for student in students
    )


def list_tasks(records: Records) -> tuple[Task, ...]:
    """What a person has to look at, one by one; answers to written questions are counted elsewhere."""
    internal = [g for g in records.grades if g.status == "internal_error"]
    unreadable = [g for g in records.grades if g.status == "unreadable"]
    return (
        *(Task("the grader failed", g.student, g.assignment, g.message) for g in internal),
        *(Task("record broken", b.student, b.assignment, b.reason) for b in records.broken),
        *(Task("unreadable", g.student, g.assignment, g.message) for g in unreadable),
        *(Task("override lost", "", "", sentence) for sentence in records.unmatched),
    )


def list_overrides(records: Records) -> tuple[Override, ...]:
    """The scores that an instructor set and a submission took."""
    return tuple(override for grade in records.grades for override in records.overrides_of(grade))


def _row(
    student: str, found: Sequence[tuple[str, Grade | None, bool]], records: Records, due: Mapping[str, datetime]
) -> Row:
    grades = [grade for _, grade, _ in found if grade]
    settled = [grade for grade in grades if grade.status != "unreadable"]
    scored = [(grade.score, grade.max_score) for grade in settled if grade.score is not None]
    reachable = sum(points for _, points in scored)
    waiting = sum(len(grade.needs_manual) for grade in grades)
    repairs = sum(len(grade.repairs) for grade in grades)
    late = [name for name, grade, _ in found if grade and is_late(grade, due.get(name))]
    overridden = sum(len(records.overrides_of(grade)) for grade in grades)
    counted = [
        _count(sum(grade.status == "internal_error" for grade in grades), "open by our fault", "open by our fault"),
        _count(sum(broken for _, _, broken in found), "record broken", "records broken"),
        _count(sum(grade.status == "unreadable" for grade in grades), "unreadable", "unreadable"),
        _count(sum(grade.status == "missing" for grade in grades), "missing", "missing"),
        _count(waiting, "1 answer waits", "answers wait"),
        _count(overridden, "1 score set by hand", "scores set by hand"),
        _count(len(late), "late", "late"),
    ]
    person = waiting or any(g.status in ("internal_error", "unreadable") for g in grades) or any(b for *_, b in found)
    flags = {
        "person": person,
        "missing": any(grade.status == "missing" for grade in grades),
        "repaired": repairs,
        "set": overridden,
        "late": late,
    }
    return Row(
        student=student,
        percent=100 * sum(score for score, _ in scored) / reachable if reachable else None,
        cells=tuple(_cell(grade, broken) for _, grade, broken in found),
        repairs=repairs,
        seconds=sum(grade.seconds for grade in grades),
        notes=tuple(filter(None, counted)),
        flags=tuple(flag for flag, holds in flags.items() if holds),
    )


def _cell(grade: Grade | None, broken: bool) -> Cell:
    if grade is None:
        return Cell(None, "broken" if broken else "–")
    if grade.status in ("missing", "unreadable"):
        return Cell(grade.score, grade.status)
    return Cell(grade.score, "open" if grade.score is None or grade.status == "internal_error" else "")


def _count(number: int, one: str, many: str) -> str:
    return "" if not number else one if number == 1 else f"{number} {many}"
