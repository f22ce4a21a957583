"""Scores for learning platforms: files that Canvas, Moodle and nbgrader import, ids mapped from a roster.

Who is only in the results or only in the roster, and whose score is not known yet, is told and written to a file
beside; what the platform has of them is left as it is. Nobody is dropped, nobody gets a 0 by our fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Course, did_you_mean
from autograder.errors import GraderError
from autograder.platforms.canvas import fill_canvas
from autograder.platforms.lists import list_nbgrader, list_wide
from autograder.platforms.matching import Matching
from autograder.platforms.moodle import fill_moodle
from autograder.platforms.scores import Problem
from autograder.records import Records, read_records
from autograder.results import visible_text
from autograder.spreadsheets import read_sheet, write_sheet

FORMATS = ("canvas", "moodle", "nbgrader", "csv")
PROBLEM_COLUMNS = ("student", "assignment", "problem", "score")


@dataclass(frozen=True)
class Settings:
    """How to export. `columns`: assignment -> column of the roster; `scale`: fit scores to the platform's maximum."""

    format: str
    out: Path
    roster: Path | None = None
    match: str | None = None
    assignments: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    scale: bool = False


@dataclass(frozen=True)
class Export:
    """What came of it; `beside` is the file with the problems, None without any."""

    out: Path
    students: int
    matched_by: str
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    beside: Path | None


def export_scores(folder: Path, course: Course, settings: Settings) -> Export:
    """Write `settings.out` from the records below an output folder, and the problems beside it."""
    if settings.format not in FORMATS:
        raise GraderError(
            f"--format: expected one of {', '.join(FORMATS)}, got {settings.format!r}"
            f"{did_you_mean(settings.format, list(FORMATS))}"
        )
    if settings.roster is None and settings.format in ("canvas", "moodle"):
        raise GraderError(
            f"--format {settings.format}: expected the platform's own export by --roster, got none; the ids are in it"
        )
    if settings.roster and settings.roster.resolve() == settings.out.resolve():
        raise GraderError(f"--out {settings.out}: expected another file than the roster; the roster is kept as it is")
    records = read_records(folder, course)
    assignments = _choose(records, course, settings.assignments)
    sheet = read_sheet(settings.roster) if settings.roster else None
    columns = settings.columns or {}
    notes: list[str] = []
    matching: Matching | None
    if sheet is not None and settings.format == "canvas":
        rows, problems, notes, matching = fill_canvas(
            sheet, records, assignments, columns, settings.match, settings.scale
        )
    elif sheet is not None and settings.format == "moodle":
        if len(assignments) != 1:
            names = ", ".join(assignment.name for assignment in assignments)
            raise GraderError(f"--format moodle: expected one assignment, got {names}; name it by --assignment")
        rows, problems, notes, matching = fill_moodle(sheet, records, assignments[0], settings.match, settings.scale)
    else:
        write = list_nbgrader if settings.format == "nbgrader" else list_wide
        rows, problems, matching = write(sheet, records, assignments, settings.match)
    chosen = {assignment.name for assignment in assignments}
    problems += [Problem(b.student, b.assignment, b.reason) for b in records.broken if b.assignment in chosen]
    round_trip = sheet is not None and settings.format in ("canvas", "moodle")
    write_sheet(
        settings.out,
        rows,
        sheet.separator if sheet and round_trip else ",",
        sheet.marked if sheet and round_trip else settings.format == "csv",
    )
    return Export(
        settings.out,
        len({grade.student for grade in records.grades}),
        matching.column if matching else "",
        tuple(problems),
        (*notes, *records.unmatched, *_waiting(records, chosen)),
        _write_problems(settings.out, problems),
    )


def parse_columns(values: list[str], course: Course) -> dict[str, str]:
    """The `NAME=COLUMN` of the command line; GraderError for what is none."""
    columns = {}
    for value in values:
        name, found, column = value.partition("=")
        if not found or not column.strip():
            raise GraderError(
                f"--column {value}: expected NAME=COLUMN, such as {course.assignments[0].name}='Homework 2 (4711)'"
            )
        columns[course.assignment(name).name] = column.strip()
    return columns


def _choose(records: Records, course: Course, names: tuple[str, ...]) -> list[Assignment]:
    present = {grade.assignment for grade in records.grades} | {record.assignment for record in records.broken}
    chosen = [assignment for assignment in course.select(list(names)) if assignment.name in present]
    absent = sorted(set(names) - present)
    if absent:
        raise GraderError(
            f"{records.folder}: --assignment {absent[0]}: no result; there are: {', '.join(sorted(present))}"
        )
    return chosen


def _waiting(records: Records, chosen: set[str]) -> list[str]:
    """A sentence about answers that nobody read yet: scores will rise."""
    waiting = sum(bool(grade.needs_manual) for grade in records.grades if grade.assignment in chosen)
    return [f"{waiting} submissions have written answers that no person has read yet"] if waiting else []


def _write_problems(out: Path, problems: list[Problem]) -> Path | None:
    """Write them beside `out`; a file of an earlier export goes if there are none now."""
    beside = out.with_name(f"{out.stem}.problems.csv")
    if not problems:
        beside.unlink(missing_ok=True)
        return None
    write_sheet(beside, [PROBLEM_COLUMNS, *((p.student, p.assignment, p.problem, p.score) for p in problems)])
    return beside


def tell(problem: Problem) -> str:
    """A problem in a line for the terminal."""
    place = ", ".join(filter(None, (problem.student, problem.assignment)))
    score = "" if problem.score is None else f" (score {problem.score:g})"
    return " ".join(visible_text(f"{place}: {problem.problem}{score}").split())
