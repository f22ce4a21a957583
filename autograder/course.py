"""The course as it is described in assignment.toml files: the only reader of them."""

import difflib
import keyword
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

import msgspec

from autograder.errors import AuthorError, GraderError

Described = TypeVar("Described", bound=msgspec.Struct)
Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]  # as Gradescope calls them
LARGEST = 1_000_000  # points, seconds, megabytes: what is larger (TOML also knows inf) overflows a sum or a limit
LONGEST_ID = 58  # with "_check" behind it 64 characters, what nbformat takes for a cell's id
LONGEST_TEXT = 200  # a title, a path


class _Exercise(msgspec.Struct, forbid_unknown_fields=True):
    """One [[exercise]] of an assignment.toml."""

    id: str
    title: str
    points: float
    entry_points: list[str] = []
    manual: bool = False
    cpu_seconds: float = 5.0
    visibility: str = "visible"


class _Limits(msgspec.Struct, forbid_unknown_fields=True):
    """The [limits] of an assignment.toml; CPU seconds, wall limits are ten times those."""

    cell_seconds: float = 10.0
    total_seconds: float = 60.0
    memory_mb: int = 1024


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    """A whole assignment.toml."""

    title: str
    order: int
    exercise: list[_Exercise]
    data: list[str] = []
    limits: _Limits = msgspec.field(default_factory=_Limits)


@dataclass(frozen=True)
class Exercise:
    """Something to build (or, if `manual`, to write) that is worth points.

    `visibility`: when students see its result on Gradescope.
    """

    id: str
    title: str
    points: float
    entry_points: tuple[str, ...]
    manual: bool
    cpu_seconds: float
    visibility: Visibility = "visible"


@dataclass(frozen=True)
class Limits:
    """What one submission may use: CPU seconds for a cell and in all, memory in MB."""

    cell_seconds: float
    total_seconds: float
    memory_mb: int


@dataclass(frozen=True)
class Assignment:
    """One notebook of the course, its exercises, and where its stages lie."""

    root: Path
    name: str
    title: str
    order: int
    exercises: tuple[Exercise, ...]
    data: tuple[str, ...]
    limits: Limits

    @property
    def text(self) -> Path:
        return self.root / "assignments" / self.name / f"{self.name}.py"

    @property
    def source(self) -> Path:
        return self.root / "source" / self.name

    @property
    def release(self) -> Path:
        return self.root / "release" / self.name

    @property
    def suite(self) -> Path:
        return self.root / "autograder" / "suites" / self.name

    @property
    def graded(self) -> tuple[Exercise, ...]:
        """The exercises that the suite grades."""
        return tuple(exercise for exercise in self.exercises if not exercise.manual)

    @property
    def manual(self) -> tuple[Exercise, ...]:
        """The written questions, graded by hand."""
        return tuple(exercise for exercise in self.exercises if exercise.manual)

    @property
    def max_score(self) -> float:
        """Points that are graded automatically."""
        return sum(exercise.points for exercise in self.graded)

    def exercise(self, exercise_id: str) -> Exercise:
        for exercise in self.exercises:
            if exercise.id == exercise_id:
                return exercise
        raise AuthorError(
            f"{self.name}: no exercise {exercise_id!r}{did_you_mean(exercise_id, [e.id for e in self.exercises])}"
        )


@dataclass(frozen=True)
class Course:
    """All assignments below one root, in teaching order."""

    root: Path
    assignments: tuple[Assignment, ...]

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; GraderError with a suggestion if there is none."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        names = [assignment.name for assignment in self.assignments]
        raise GraderError(
            f"{self.root}: no assignment {name!r}{did_you_mean(name, names)} (there are: {', '.join(names)})"
        )

    def select(self, names: list[str]) -> tuple[Assignment, ...]:
        """The assignments named, in teaching order; all of them if none is named."""
        chosen = {self.assignment(name).name for name in names}
        return tuple(a for a in self.assignments if not names or a.name in chosen)


def find_root(start: Path) -> Path:
    """The course around a folder: the nearest parent whose pyproject.toml has [tool.autograder]."""
    for folder in (start.resolve(), *start.resolve().parents):
        project = folder / "pyproject.toml"
        if project.is_file() and "autograder" in tomllib.loads(project.read_text()).get("tool", {}):
            return folder
    raise GraderError(
        f"{start}: expected a folder inside a course (a pyproject.toml with [tool.autograder] at its root), "
        "found none up to /; go into the course's folder or name it by --root"
    )


def load_course(root: Path) -> Course:
    """Read every assignments/*/assignment.toml below `root`."""
    found = [
        _load_assignment(root, path.parent.name) for path in sorted((root / "assignments").glob("*/assignment.toml"))
    ]
    if not found:
        raise GraderError(f"{root / 'assignments'}: expected folders with an assignment.toml, found none; check --root")
    return Course(root, tuple(sorted(found, key=lambda assignment: assignment.order)))


def did_you_mean(wrong: str, known: list[str]) -> str:
    """A suggestion to put behind an error message, or nothing."""
    close = difflib.get_close_matches(wrong, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _load_assignment(root: Path, name: str) -> Assignment:
    path = root / "assignments" / name / "assignment.toml"
    text = _decode(path, _Text)
    exercises = tuple(_read_exercise(path, exercise) for exercise in text.exercise)
    if not exercises:
        raise AuthorError(f"{path}: expected an [[exercise]] at least, found none")
    _refuse_repeated(path, "exercise ids", [exercise.id for exercise in exercises])
    _refuse_repeated(path, "entry_points", [name for exercise in exercises for name in exercise.entry_points])
    _check_title(str(path), text.title)
    for entry in text.data:
        if not entry.isprintable() or entry.startswith("/") or not 0 < len(entry) <= LONGEST_TEXT:
            raise AuthorError(
                f"{path}: data: expected names of files or folders of assignments/data, got {entry!r:.60}"
            )
    limits = Limits(text.limits.cell_seconds, text.limits.total_seconds, text.limits.memory_mb)
    for limit, value in vars(limits).items():
        _check_amount(f"{path}: limits", limit, value)
    return Assignment(root, name, text.title, text.order, exercises, tuple(text.data), limits)


def _read_exercise(path: Path, exercise: _Exercise) -> Exercise:
    place = f"{path}: exercise {exercise.id!r:.80}"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", exercise.id) or len(exercise.id) > LONGEST_ID:
        raise AuthorError(
            f"{place}: expected an id of lower-case letters, digits and underscores, {LONGEST_ID} of them at most"
        )
    _check_title(place, exercise.title)
    _check_amount(place, "points", exercise.points)
    _check_amount(place, "cpu_seconds", exercise.cpu_seconds)
    if exercise.manual == bool(exercise.entry_points):
        raise AuthorError(
            f"{place}: expected either entry_points (the functions or classes it asks for) or manual = true"
        )
    for name in exercise.entry_points:
        if not name.isidentifier() or keyword.iskeyword(name) or len(name) > LONGEST_TEXT:
            raise AuthorError(f"{place}: expected entry_points to be names of functions or classes, got {name!r:.60}")
    visibility = next((known for known in get_args(Visibility) if known == exercise.visibility), None)
    if visibility is None:
        known = list(get_args(Visibility))
        raise AuthorError(
            f"{place}: expected visibility to be one of {', '.join(known)}, got {exercise.visibility!r:.60}"
            f"{did_you_mean(exercise.visibility[:LONGEST_TEXT], known)}"
        )
    return Exercise(
        exercise.id,
        exercise.title,
        exercise.points,
        tuple(exercise.entry_points),
        exercise.manual,
        exercise.cpu_seconds,
        visibility,
    )


def _check_amount(place: str, name: str, value: float) -> None:
    if not 0 < value <= LARGEST:  # False for nan
        raise AuthorError(f"{place}: expected {name} above 0 and at most {LARGEST:,}, got {value!r:.40}")


def _check_title(place: str, title: str) -> None:
    if not title.strip() or not title.isprintable() or len(title) > LONGEST_TEXT:
        raise AuthorError(
            f"{place}: expected a title of one line, {LONGEST_TEXT} characters at most, got {title!r:.60}"
        )


def _refuse_repeated(path: Path, what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise AuthorError(f"{path}: {what} must be unique, found twice: {', '.join(repeated):.200}")


def _decode(path: Path, kind: type[Described]) -> Described:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        raise AuthorError(f"{path}: {_one_line(error)}{_suggestion(str(error))}") from None
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise AuthorError(f"{path}: not valid TOML: {_one_line(error)}") from None
    except OSError as error:
        raise AuthorError(f"{path}: expected a readable file, got {error.strerror}") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _suggestion(message: str) -> str:
    unknown = re.search(r"unknown field `([^`]*)`", message)
    known = [name for kind in (_Text, _Exercise, _Limits) for name in kind.__struct_fields__]
    return did_you_mean(unknown.group(1), known) if unknown else ""
