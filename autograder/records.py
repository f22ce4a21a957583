"""The records of a graded class, read back from its output folder: what report, diff and export start from.

A record that cannot be read is never dropped: it is listed beside the others, with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.classbook import Override, apply_overrides, overrides_of, read_overrides, unmatched_overrides
from autograder.course import Course
from autograder.errors import GraderError
from autograder.results import Grade, decode_grade, visible_text


@dataclass(frozen=True)
class BrokenRecord:
    """A record that is none of ours, of another schema, or of a submission other than its place says."""

    student: str
    assignment: str
    reason: str


@dataclass(frozen=True)
class Records:
    """A class as its folder has it: `grades` with their overrides applied, by student and assignment."""

    folder: Path
    grades: tuple[Grade, ...]
    broken: tuple[BrokenRecord, ...]
    overrides: tuple[Override, ...]
    unmatched: tuple[str, ...]

    def overrides_of(self, grade: Grade) -> tuple[Override, ...]:
        """The scores of a submission that an instructor set."""
        return overrides_of(grade, self.overrides)

    def of(self, assignment: str) -> tuple[Grade, ...]:
        """The grades of one assignment."""
        return tuple(grade for grade in self.grades if grade.assignment == assignment)


def read_records(folder: Path, course: Course) -> Records:
    """Every record below `folder`/results, and `folder`/overrides.toml applied.

    GraderError if there is no record at all, or none that can be read.
    """
    paths = sorted((folder / "results").glob("*/*.json"))
    if not paths:
        raise GraderError(
            f"{folder}: expected the output folder of a graded class (results/<student>/<assignment>.json), "
            "found no record; name the folder that was given to autograder grade by --out"
        )
    overrides = read_overrides(folder / "overrides.toml", course)
    grades: list[Grade] = []
    broken: list[BrokenRecord] = []
    for path in paths:
        try:
            grade = _read_record(path, path.relative_to(folder))
            grades.append(apply_overrides(grade, course.assignment(grade.assignment), overrides))
        except GraderError as error:
            broken.append(BrokenRecord(visible_text(path.parent.name), visible_text(path.stem), str(error)))
    if not grades:
        raise GraderError(f"{folder}: none of its {len(paths)} records can be read; the first: {broken[0].reason}")
    grades.sort(key=lambda grade: (grade.student, grade.assignment))
    unmatched = unmatched_overrides([*grades, *_named(broken)], overrides)
    return Records(folder, tuple(grades), tuple(broken), overrides, unmatched)


def _read_record(path: Path, place: Path) -> Grade:
    """`place` is how errors name the record: below its folder, wherever that lies."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GraderError(f"{place}: expected a record that can be read, got: {error.strerror}") from None
    grade = decode_grade(data, place)
    if (grade.student, grade.assignment) != (path.parent.name, path.stem):
        raise GraderError(
            f"{place}: expected the record of {path.parent.name}, {path.stem}, found that of "
            f"{grade.student}, {grade.assignment}; grade again with --fresh"
        )
    return grade


def _named(broken: Iterable[BrokenRecord]) -> list[Grade]:
    """Stand-ins by name only: an override of a broken record has its submission, whatever became of it."""
    return [
        Grade(student=record.student, assignment=record.assignment, status="internal_error", score=None, max_score=0)
        for record in broken
    ]
