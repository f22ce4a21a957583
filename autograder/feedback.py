"""Feedback: one self-contained HTML page for a student and an assignment, readable on a phone and on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.classbook import Override, overrides_of
from autograder.course import Assignment
from autograder.results import ExerciseResult, Grade, TestResult, one_name, visible_text, write_whole

# Each status by symbol, word and tone: colour is never the only sign.
_MARKS = {
    "passed": ("✓", "full marks", "good"),
    "partial": ("◐", "partly right", "part"),
    "failed": ("✗", "not yet", "bad"),
    "missing": ("–", "not attempted", "none"),
    "error": ("✗", "stopped with an error", "bad"),
    "timeout": ("✗", "took too long", "bad"),
    "memory": ("✗", "used too much memory", "bad"),
    "internal": ("?", "not graded yet", "ours"),
    "set": ("✎", "set by an instructor", "ours"),
    "ok": ("✓", "ran", "good"),
    "skipped": ("–", "skipped", "none"),
}
_TEST_WORDS = {"passed": "passed", "failed": "not passed"}
_STATUS_TEXTS = {
    "missing": (
        "No notebook arrived",
        "Your folder holds no notebook of this assignment, so there was nothing to grade. If you did hand one in, it "
        "may have another name or lie in another folder: tell your instructor.",
    ),
    "unreadable": (
        "Your notebook could not be read",
        "The file arrived, but it is not a notebook that can be opened. Often a download or an upload broke off. Open "
        "your notebook, save it, check that it opens again, and ask your instructor how to hand it in once more.",
    ),
    "internal_error": (
        "Something went wrong on our side",
        "This is our fault, not yours, and nothing is lost: your notebook is safe and what could be graded is shown "
        "below. The rest counts neither for nor against you until a person has looked at it; you need not do a thing.",
    ),
}

_environment = Environment(
    loader=PackageLoader("autograder"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_environment.filters["points"] = lambda points: f"{points:g}"
_environment.filters["visible"] = visible_text


@dataclass(frozen=True)
class _Mark:
    """How a status looks: `tone` names a colour of the page."""

    symbol: str
    word: str
    tone: str


@dataclass(frozen=True)
class _Section:
    """One exercise as the page shows it."""

    result: ExerciseResult
    mark: _Mark
    open_tests: tuple[tuple[TestResult, _Mark], ...]
    passed_tests: tuple[TestResult, ...]
    override: Override | None


@dataclass(frozen=True)
class _Question:
    """A written question that waits for a person."""

    title: str
    points: float
    answer: str


def render_feedback(
    grade: Grade,
    assignment: Assignment,
    answers: Mapping[str, str] | None = None,
    overrides: Iterable[Override] = (),
) -> str:
    """The page as HTML, without scripts and without anything loaded from elsewhere.

    `grade` has its overrides applied already, `overrides` give the reasons; `answers` are the student's texts by
    question. Everything that comes from a student is escaped, and what would hide (colour codes, writing direction) is
    made visible.
    """
    reasons = {override.exercise: override for override in overrides_of(grade, overrides)}
    written = answers or {}
    return _environment.get_template("feedback.html.j2").render(
        grade=grade,
        assignment=assignment,
        percent=_percent(grade.score, grade.max_score),
        notice=_STATUS_TEXTS.get(grade.status),
        sections=[_section(result, reasons.get(result.id)) for result in grade.exercises],
        questions=[
            _Question(question.title, question.points, written.get(question.id, "").strip())
            for question in assignment.manual
            if question.id in grade.needs_manual
        ],
        troubled=[(cell, _mark(cell.status)) for cell in grade.cells if cell.status in ("error", "timeout")],
    )


def write_feedback(
    folder: Path,
    grade: Grade,
    assignment: Assignment,
    answers: Mapping[str, str] | None = None,
    overrides: Iterable[Override] = (),
) -> Path:
    """Write `folder`/feedback/<student>/<assignment>.html, whole; returns its path."""
    path = folder / "feedback" / one_name(grade.student) / f"{one_name(grade.assignment)}.html"
    write_whole(path, render_feedback(grade, assignment, answers, overrides).encode())
    return path


def _section(result: ExerciseResult, override: Override | None) -> _Section:
    return _Section(
        result=result,
        mark=_mark("set" if override else result.status),
        open_tests=tuple((test, _test_mark(test)) for test in result.tests if test.status != "passed"),
        passed_tests=tuple(test for test in result.tests if test.status == "passed"),
        override=override,
    )


def _mark(status: str) -> _Mark:
    return _Mark(*_MARKS[status])


def _test_mark(test: TestResult) -> _Mark:
    symbol, word, tone = _MARKS[test.status]
    return _Mark(symbol, _TEST_WORDS.get(test.status, word), tone)


def _percent(score: float | None, max_score: float) -> int:
    """How far a bar is filled: 0 … 100."""
    return round(100 * score / max_score) if score and max_score else 0


_environment.globals["percent_of"] = _percent
