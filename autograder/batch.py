"""Many submissions: which are still to be graded, and the records of all of them.

Every submission gets a record, written whole as soon as it is there. A run that was killed is resumed by the same
command: what has a record of the same notebook and the same suite is not graded again.
"""

import errno
import fcntl
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from autograder.choice import choose_answered
from autograder.classbook import Override, apply_overrides, read_overrides, unmatched_overrides, write_class
from autograder.course import Assignment, Course
from autograder.errors import GraderError, SubmissionError
from autograder.executors import Executor, choose_executor
from autograder.feedback import write_feedback
from autograder.intake import Job, read_job
from autograder.master import load_master
from autograder.plugin import hash_suite
from autograder.pool import Outcome
from autograder.results import PART, Grade, decode_grade, encode_grade, outline_grade, result_path, write_whole
from autograder.sandbox.isolation import Level
from autograder.submission import Master, Unreadable, read_submission

if TYPE_CHECKING:
    from autograder.gradebook_database import Gradebook

tqdm.monitor_interval = 0  # its watching thread would be copied into no fork, and break it


@dataclass(frozen=True)
class Settings:
    """How to grade a class, and by which executor. `fresh`: grade again what has a record already."""

    out: Path
    workers: int = 2
    isolation: Level = "nested"
    fresh: bool = False
    gradebook: "Gradebook | None" = None
    executor: str = "local"
    scheduler: str | None = None


@dataclass(frozen=True)
class Class:
    """What came of a class: all grades with overrides applied, the overrides, and those that fit no submission.

    Grades are in outline (`outline_grade`): the whole of them is in the records.
    """

    grades: tuple[Grade, ...]
    overrides: tuple[Override, ...]
    unmatched: tuple[str, ...]

    @property
    def internal_errors(self) -> tuple[Grade, ...]:
        """The submissions that the grader itself failed on."""
        return tuple(grade for grade in self.grades if grade.status == "internal_error")


def grade_class(course: Course, jobs: Sequence[Job], settings: Settings) -> Class:
    """Grade all jobs and write results/, feedback/, class.csv, class.json below `settings.out`, and the gradebook."""
    overrides = read_overrides(settings.out / "overrides.toml", course)
    executor = choose_executor(settings.executor, settings.isolation, settings.workers, settings.scheduler)
    executor.prepare(course)
    grades: list[Grade] = []
    with _only_one_grader(settings.out):
        _sweep(settings.out)
        for assignment in course.assignments:
            mine = [job for job in jobs if job.assignment == assignment.name]
            if mine:
                writer = _Writer(assignment, settings, overrides)
                grades += _grade_assignment(assignment, mine, settings, executor, writer)
        grades.sort(key=lambda grade: (grade.student, grade.assignment))  # not by who was done first
        unmatched = unmatched_overrides(grades, overrides)
        write_class(grades, settings.out, overrides, unmatched)
    return Class(tuple(grades), overrides, unmatched)


class _Writer:
    """Writes what came of a submission: record, feedback, gradebook."""

    def __init__(self, assignment: Assignment, settings: Settings, overrides: tuple[Override, ...]) -> None:
        self._assignment, self._settings, self._overrides = assignment, settings, overrides
        notebook = assignment.release / f"{assignment.name}.ipynb"
        self._released = json.loads(notebook.read_bytes()) if settings.gradebook else {}

    def write(self, outcome: Outcome) -> Grade:
        """Write the record first: it is what nothing may lose. Returns the grade with overrides applied."""
        out, grade = self._settings.out, outcome.grade
        write_whole(result_path(out, grade.student, grade.assignment), encode_grade(grade))
        return self.publish(outcome)

    def publish(self, outcome: Outcome) -> Grade:
        """Write what follows from a record; the grade in outline, since a class may be of any size."""
        grade = apply_overrides(outcome.grade, self._assignment, self._overrides)
        write_feedback(self._settings.out, grade, self._assignment, outcome.answers, self._overrides)
        if self._settings.gradebook is not None:
            from autograder.gradebook import record  # brings nbgrader along, 76 MB that most runs do not need

            record(self._settings.gradebook, grade, self._released, outcome.notebook, self._overrides)
        return outline_grade(grade)


def _grade_assignment(
    assignment: Assignment, jobs: Sequence[Job], settings: Settings, executor: Executor, writer: _Writer
) -> list[Grade]:
    grades: list[Grade] = []
    waiting: list[Job] = []
    suite_sha256 = hash_suite(assignment.suite)
    master = load_master(assignment)
    for job in (choose_answered(job, master) for job in jobs):
        known = None if settings.fresh else _known_outcome(settings.out, job, suite_sha256, assignment, master)
        if known is None:
            waiting.append(job)
        else:
            grades.append(writer.publish(known))
    if not waiting:
        return grades

    def write_rest(outcomes: Iterator[Outcome]) -> None:
        with tqdm(total=len(jobs), initial=len(grades), desc=assignment.name, unit="notebook") as progress:
            for outcome in outcomes:
                grades.append(writer.write(outcome))
                progress.update()

    executor.grade(assignment, waiting, write_rest)
    return grades


def _known_outcome(out: Path, job: Job, suite_sha256: str, assignment: Assignment, master: Master) -> Outcome | None:
    """The record of an earlier run, if it is whole, of the same notebook and suite, and needs no second try."""
    path = result_path(out, job.student, job.assignment)
    if not path.exists():
        return None
    try:
        grade = decode_grade(path.read_bytes(), path)
        data = read_job(job)
    except (GraderError, SubmissionError):
        return None
    if data is None or grade.status != "graded" or not _fits(grade, job, assignment):
        return None
    if grade.notebook_sha256 != hashlib.sha256(data).hexdigest() or grade.suite_sha256 != suite_sha256:
        return None
    try:
        submission = read_submission(data, master)
    except Unreadable:
        return None
    return Outcome(grade, submission.notebook, submission.answers)


def _fits(grade: Grade, job: Job, assignment: Assignment) -> bool:
    """Whether a record is this job's, of this assignment's exercises, with sums that are right: some edit records."""
    asked = [(exercise.id, exercise.points) for exercise in assignment.graded]
    earned = [sum(test.points for test in exercise.tests) for exercise in grade.exercises]
    return (
        (grade.student, grade.assignment) == (job.student, job.assignment)
        and [(exercise.id, exercise.max_score) for exercise in grade.exercises] == asked
        and [exercise.score for exercise in grade.exercises] == earned
        and (grade.score, grade.max_score) == (sum(earned), assignment.max_score)
    )


def _sweep(out: Path) -> None:
    """Remove what a killed grader left half-written; the lock is held, so nobody is writing it now."""
    for left in (*out.glob(f".class.*{PART}"), *out.glob(f"results/*/.*{PART}"), *out.glob(f"feedback/*/.*{PART}")):
        left.unlink(missing_ok=True)


@contextmanager
def _only_one_grader(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder, as long as this very process lives."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("a")
    except OSError as error:
        raise GraderError(f"{out}: expected a folder to write to, got {error.strerror}; choose another --out") from None
    with lock:
        try:  # by lockf: unlike flock's, its lock is not kept by forks that outlive a killed grader
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise GraderError(f"{lock.name}: cannot be locked: {error.strerror}; choose another --out") from None
            raise GraderError(f"{out}: another grader is writing there; wait for it, or choose another --out") from None
        yield


def nbgrader_course(paths: Iterable[Path]) -> Path | None:
    """The nbgrader course whose `submitted/` is graded, if that is what the paths name."""
    for path in paths:
        folder = path.resolve()
        if folder.name == "submitted" and any(
            (folder.parent / name).is_file() for name in ("nbgrader_config.py", "gradebook.db")
        ):
            return folder.parent
    return None
