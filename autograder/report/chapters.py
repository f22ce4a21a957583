"""What the report says of one assignment: scores, exercises, mistakes, and how the grading itself went."""

from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.course import Assignment
from autograder.records import Records
from autograder.report.plots import Histogram, Stack, draw_histogram, draw_stack
from autograder.report.statistics import (
    FEWEST,
    ExerciseStatistics,
    Mistake,
    Spread,
    Tally,
    exercise_statistics,
    mistakes,
    percent_of,
    spread,
    tallies,
)
from autograder.results import Grade, SubmissionStatus

STATUSES: tuple[SubmissionStatus, ...] = ("graded", "missing", "unreadable", "internal_error")
MISTAKES_SHOWN = 12  # the others fold away
HARD, EASY, WEAK = 0.4, 0.95, 0.1  # shares of points, and a correlation, that deserve a look


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise with its plot and, in words, why it deserves a look (or nothing)."""

    numbers: ExerciseStatistics
    stack: Stack
    remark: str


@dataclass(frozen=True)
class Chapter:
    """One assignment as the page shows it. `late` is None where no due date is known."""

    assignment: Assignment
    grades: tuple[Grade, ...]
    statuses: dict[SubmissionStatus, int]
    percents: Spread | None
    histogram: Histogram
    exercises: tuple[ExerciseRow, ...]
    graded: int
    mistakes: tuple[Mistake, ...]
    seconds: Spread | None
    total_seconds: float
    repaired: int
    repairs: tuple[Tally, ...]
    isolation: tuple[Tally, ...]
    suites: tuple[Tally, ...]
    versions: tuple[Tally, ...]
    first: str
    last: str
    late: int | None
    waiting: tuple[Tally, ...]


def write_chapter(records: Records, assignment: Assignment, due: datetime | None) -> Chapter:
    """The numbers of an assignment. Only what was graded counts in scores, exercises and mistakes."""
    grades = records.of(assignment.name)
    graded = tuple(grade for grade in grades if grade.status == "graded")
    percents = [percent for grade in graded if (percent := percent_of(grade)) is not None]
    times = [grade.seconds for grade in graded if grade.seconds]
    moments = sorted(filter(None, (moment_of(grade) for grade in grades)))
    titles = {exercise.id: exercise.title for exercise in assignment.exercises}
    return Chapter(
        assignment=assignment,
        grades=grades,
        statuses={status: sum(grade.status == status for grade in grades) for status in STATUSES},
        percents=spread(percents),
        histogram=draw_histogram(percents),
        exercises=tuple(
            ExerciseRow(numbers, draw_stack(numbers.outcomes), _remark(numbers))
            for numbers in exercise_statistics(graded, assignment)
        ),
        graded=len(graded),
        mistakes=mistakes(graded, assignment),
        seconds=spread(times),
        total_seconds=sum(grade.seconds for grade in grades),
        repaired=sum(bool(grade.repairs) for grade in grades),
        repairs=tallies(repair for grade in grades for repair in grade.repairs),
        isolation=tallies(grade.isolation for grade in grades if grade.isolation),
        suites=tallies(grade.suite_sha256[:16] for grade in grades if grade.suite_sha256),
        versions=tallies(f"{name} {version}" for grade in graded for name, version in grade.versions.items()),
        first=f"{moments[0]:%Y-%m-%d %H:%M} UTC" if moments else "",
        last=f"{moments[-1]:%Y-%m-%d %H:%M} UTC" if moments else "",
        late=None if due is None else sum(is_late(grade, due) for grade in grades),
        waiting=tallies(titles.get(question, question) for grade in grades for question in grade.needs_manual),
    )


def moment_of(grade: Grade) -> datetime | None:
    """When it was handed in, None if the record does not say; a time without a zone is taken for UTC."""
    try:
        moment = datetime.fromisoformat(grade.submitted_at)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_late(grade: Grade, due: datetime | None) -> bool:
    """Whether it was handed in after a due date that is known."""
    moment = moment_of(grade)
    return due is not None and moment is not None and moment > due


def _remark(numbers: ExerciseStatistics) -> str:
    if numbers.count < FEWEST:
        return ""
    remarks = []
    if numbers.share is not None and numbers.share < HARD:
        remarks.append("hard")
    if numbers.share is not None and numbers.share > EASY:
        remarks.append("easy")
    if numbers.discrimination is not None and numbers.discrimination < 0:
        remarks.append("strong students lose more here than weak ones")
    elif numbers.discrimination is not None and numbers.discrimination < WEAK:
        remarks.append("says little about the rest")
    return ", ".join(remarks)
