"""What grading found: a Grade, its statuses, and its JSON (schema 1)."""

import os
import tempfile
from pathlib import Path
from typing import Literal

import msgspec

from autograder.errors import GraderError

SCHEMA = 1
SubmissionStatus = Literal["graded", "missing", "unreadable", "internal_error"]
ExerciseStatus = Literal["passed", "partial", "failed", "missing", "error", "timeout", "memory", "internal"]
TestStatus = Literal["passed", "failed", "error", "timeout", "memory", "internal"]
CellStatus = Literal["ok", "error", "timeout", "skipped"]


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One hidden test: `points` are what it earned; message and hint are written for the student."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    status: TestStatus
    points: float
    max_points: float
    message: str = ""
    hint: str = ""
    seconds: float = 0.0


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise: `score` is None where the grader itself failed (neither credit nor loss)."""

    id: str
    title: str
    score: float | None
    max_score: float
    status: ExerciseStatus
    tests: tuple[TestResult, ...] = ()


class CellResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one cell of the notebook ran; `error` is the student's own traceback, shortened."""

    id: str
    status: CellStatus
    error: str = ""


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one submission. Every submission gets one, whatever happens."""

    schema: int = SCHEMA
    student: str
    assignment: str
    notebook_sha256: str = ""
    suite_sha256: str = ""
    status: SubmissionStatus
    score: float | None
    max_score: float
    needs_manual: tuple[str, ...] = ()
    isolation: str = ""
    versions: dict[str, str] = {}
    submitted_at: str = ""
    seconds: float = 0.0
    repairs: tuple[str, ...] = ()
    message: str = ""
    exercises: tuple[ExerciseResult, ...] = ()
    cells: tuple[CellResult, ...] = ()


def exercise_status(tests: tuple[TestResult, ...]) -> ExerciseStatus:
    """The one word for an exercise from those of its tests.

    Internal beats all; full marks are "passed" and some marks "partial"; without any, a shared reason
    (timeout, memory, error) is named.
    """
    kinds = {test.status for test in tests}
    if "internal" in kinds:
        return "internal"
    if kinds <= {"passed"}:
        return "passed"
    if any(test.points > 0 for test in tests):
        return "partial"
    for kind in ("timeout", "memory", "error"):
        if kind in kinds and kinds <= {kind, "passed"}:
            return kind
    return "failed"


def encode_grade(grade: Grade) -> bytes:
    """Indented JSON, the same bytes for the same grade."""
    return msgspec.json.format(msgspec.json.encode(grade), indent=2) + b"\n"


def decode_grade(data: bytes, place: Path) -> Grade:
    """Read a record back; GraderError naming `place` if it is none of ours."""
    try:
        grade = msgspec.json.decode(data, type=Grade)
    except msgspec.DecodeError as error:
        raise GraderError(f"{place}: expected a result of schema {SCHEMA}, got: {error}; delete it and grade again") from None
    if grade.schema != SCHEMA:
        raise GraderError(f"{place}: expected schema {SCHEMA}, got {grade.schema}; grade again with --fresh")
    return grade


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all: temporary name, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
