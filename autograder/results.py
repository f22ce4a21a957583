"""What grading found: a Grade, its statuses, and its JSON (schema 1)."""

import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Literal

import msgspec

from autograder.errors import GraderError

SCHEMA = 1
PART = ".part"  # how the temporary name of a file ends that is not written whole yet
SubmissionStatus = Literal["graded", "missing", "unreadable", "internal_error"]
ExerciseStatus = Literal["passed", "partial", "failed", "missing", "error", "timeout", "memory", "internal"]
TestStatus = Literal["passed", "failed", "error", "timeout", "memory", "internal"]
CellStatus = Literal["ok", "error", "timeout", "skipped"]

# ECMA-48: CSI sequences (colours, cursor), OSC strings up to their end, and two-character escapes.
_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]")
_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-f]+|\b0x[0-9a-fA-F]{9,16}\b|(?<=, started )\d{9,}")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format (zero width, bidirectional), surrogate, line separators
_SHOWN = "\n\t\u200c\u200d"  # the two joiners are part of names in Persian and of emoji


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


def outline_grade(grade: Grade) -> Grade:
    """The grade without its tests and cells: what tables of a class are made of."""
    exercises = tuple(msgspec.structs.replace(exercise, tests=()) for exercise in grade.exercises)
    return msgspec.structs.replace(grade, exercises=exercises, cells=())


class _Schema(msgspec.Struct):
    """What every record has, whatever its schema."""

    schema: int = SCHEMA


def encode_grade(grade: Grade) -> bytes:
    """Indented JSON, the same bytes for the same grade."""
    return msgspec.json.format(msgspec.json.encode(grade), indent=2) + b"\n"


def decode_grade(data: bytes, place: Path) -> Grade:
    """Read a record back; GraderError naming `place` if it is none of ours, or of another schema."""
    try:
        schema = msgspec.json.decode(data, type=_Schema).schema  # first: else its fields are missed one by one
        grade = msgspec.json.decode(data, type=Grade) if schema == SCHEMA else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GraderError(
            f"{place}: expected a result of schema {SCHEMA}, got: {error}; delete it and grade again"
        ) from None
    if grade is None:
        raise GraderError(
            f"{place}: expected schema {SCHEMA}, got {schema}; read it with the version that wrote it, or grade again "
            "with --fresh"
        )
    return grade


def visible_text(text: str) -> str:
    """What a person may see of text that a student could have chosen (a name, a message, a traceback).

    Terminal escape sequences go; control characters, characters that turn the direction of writing, and halves of
    characters are shown by their code, so that nothing hides behind them. New lines and tabs stay.
    Escaping for a format (HTML, CSV, rich) is left to the writer of that format.
    """
    text = _ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n"))
    return "".join(c if c in _SHOWN or unicodedata.category(c) not in _HIDDEN else f"\\u{ord(c):04x}" for c in text)


def one_name(name: str) -> str:
    """The same name if it is one part of a path; GraderError if it would lead elsewhere (students choose names)."""
    if name in ("", ".", "..") or any(character in name for character in "/\\\0"):
        raise GraderError(f"{name!r}: expected the name of one folder or file, got a path; rename it and grade again")
    return name


def result_path(out: Path, student: str, assignment: str) -> Path:
    """Where the record of a submission lies below an output folder."""
    return out / "results" / one_name(student) / f"{one_name(assignment)}.json"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all: temporary name, then rename.

    GraderError naming the place if the disk is full, read-only, or refuses for another reason.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.", suffix=PART)
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
    except OSError as error:
        raise GraderError(
            f"{path}: cannot be written: {error.strerror}; what was written before is kept: make room, see to the "
            "folder's owner, and run the same command again"
        ) from None


def without_addresses(text: str) -> str:
    """Text that a student's code produced, without the addresses in it (`<object at 0x7f…>`): they differ each time."""
    return _ADDRESS.sub("0x…", text)
