"""Suite × submission → Grade."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from autograder import __version__
from autograder.course import Assignment
from autograder.errors import GraderError
from autograder.plugin import Suite
from autograder.results import (
    CellResult,
    ExerciseResult,
    Grade,
    TestResult,
    exercise_status,
    without_addresses,
)
from autograder.sandbox.answer import shorten
from autograder.sandbox.launch import KILLED, Sandbox
from autograder.sandbox.session import Cell, CellOutcome, Session, SessionLimits
from autograder.submission import Submission

SALT_VARIABLE, SALT_FILE = "AUTOGRADER_SALT", ".autograder-salt"
FAULT_SHOWN = 4000
UNTOUCHED = "this exercise has not been filled in yet"


def read_salt(root: Path) -> str:
    """What hidden inputs are drawn from besides the test's name: from the environment or an uncommitted file."""
    if SALT_VARIABLE in os.environ:
        return os.environ[SALT_VARIABLE]
    file = root / SALT_FILE
    try:
        return file.read_text().strip() if file.exists() else ""
    except OSError as error:
        raise GraderError(f"{file}: expected a readable file, got {error.strerror}; mend its permissions") from None


def grade_submission(
    suite: Suite,
    sandbox: Sandbox,
    submission: Submission,
    *,
    student: str,
    notebook_sha256: str = "",
    submitted_at: str = "",
    watch: Callable[[ExerciseResult], None] | None = None,
    only: Collection[str] | None = None,
) -> Grade:
    """Run a submission's cells in the sandbox and the suite against them; `watch` is told of each exercise at once.

    `only`: ids of the exercises to be graded, for audits that know the score of the others.
    Whatever the student's code does ends in a Grade; SandboxLost (the zygote died) goes through to the caller, who
    tries again.
    """
    assignment = suite.assignment
    begun = time.monotonic()
    session = open_session(sandbox, assignment, submission)
    suite.faults.clear()
    try:
        outcomes = session.run_cells()
        wanted = [exercise.id for exercise in assignment.graded if only is None or exercise.id in only]
        exercises = tuple(_grade_exercises(suite, session, wanted, submission.missing, watch))
    finally:
        session.close()
    internal = any(exercise.status == "internal" for exercise in exercises)
    scores = [exercise.score for exercise in exercises if exercise.score is not None]
    return Grade(
        student=student,
        assignment=assignment.name,
        status="internal_error" if internal else "graded",
        score=None if internal else sum(scores),
        max_score=assignment.max_score,
        needs_manual=tuple(question.id for question in assignment.manual if submission.answers.get(question.id)),
        isolation=sandbox.level,
        versions={"autograder": __version__, **sandbox.versions},
        suite_sha256=suite.sha256,
        seconds=round(time.monotonic() - begun, 3),
        repairs=tuple(submission.repairs),
        exercises=exercises,
        cells=tuple(_cell_result(outcome) for outcome in outcomes),
        message="\n".join(suite.faults)[-FAULT_SHOWN:] if internal else "",  # the end of a traceback says most
        notebook_sha256=notebook_sha256,
        submitted_at=submitted_at,
    )


def was_killed(grade: Grade) -> bool:
    """Whether something killed the submission's process: within its walls it cannot, so perhaps the machine did."""
    messages = [test.message for exercise in grade.exercises for test in exercise.tests]
    return KILLED in (*messages, *(cell.error for cell in grade.cells))


def open_session(sandbox: Sandbox, assignment: Assignment, submission: Submission) -> Session:
    """A session that will run the cells of a submission under the limits of its assignment."""
    cells = [Cell(cell.id, cell.source, cell.run == "definitions") for cell in submission.cells]
    names = [name for exercise in assignment.graded for name in exercise.entry_points]
    limits = assignment.limits
    allowed = SessionLimits(limits.cell_seconds, limits.total_seconds, limits.memory_mb << 20)
    return Session(sandbox, assignment.name, cells, names, allowed)


def _grade_exercises(
    suite: Suite,
    session: Session,
    wanted: Sequence[str],
    missing: tuple[str, ...],
    watch: Callable[[ExerciseResult], None] | None,
) -> Iterator[ExerciseResult]:
    for exercise_id in wanted:
        result = _grade_exercise(suite, session, exercise_id, exercise_id in missing)
        if watch is not None:
            watch(result)
        yield result


def _grade_exercise(suite: Suite, session: Session, exercise_id: str, untouched: bool) -> ExerciseResult:
    exercise = suite.assignment.exercise(exercise_id)
    tests = tuple(_as_repeatable(test) for test in suite.run_exercise(exercise, session))
    status = exercise_status(tests)
    score = None if status == "internal" else sum(test.points for test in tests)
    if untouched and not score and status != "internal":
        status = "missing"
        tests = tuple(_as_untouched(test) for test in tests)
    return ExerciseResult(
        id=exercise.id, title=exercise.title, score=score, max_score=exercise.points, status=status, tests=tests
    )


def _as_repeatable(test: TestResult) -> TestResult:
    return msgspec.structs.replace(test, message=without_addresses(test.message))


def _as_untouched(test: TestResult) -> TestResult:
    return TestResult(name=test.name, status="failed", points=0.0, max_points=test.max_points, message=UNTOUCHED)


def _cell_result(outcome: CellOutcome) -> CellResult:
    return CellResult(id=outcome.id, status=outcome.status, error=without_addresses(shorten(outcome.error, 1000)))
