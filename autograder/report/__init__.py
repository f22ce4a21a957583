"""The class report: one self-contained HTML page for instructors, readable on a phone, on paper and read aloud.

Nothing is loaded from elsewhere and only our own script runs: the page's policy names its hash. Everything that comes
from a student is escaped, and what would hide (colour codes, writing direction) is made visible. The same records give
the same bytes.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.course import Course, did_you_mean
from autograder.errors import GraderError
from autograder.records import Records, read_records
from autograder.report.chapters import EASY, HARD, MISTAKES_SHOWN, STATUSES, write_chapter
from autograder.report.plots import BAR_BOTTOM, draw_histogram
from autograder.report.roster import FILTERS, TASKS_SHOWN, list_overrides, list_rows, list_tasks
from autograder.report.statistics import FEWEST, OUTCOMES, spread
from autograder.results import visible_text, write_whole

_OUTCOME_WORDS = {
    "full": "full marks",
    "part": "part of the points",
    "none": "no points",
    "missing": "not attempted",
    "open": "open by our fault",
}
_STATUS_WORDS = {
    "graded": "graded",
    "missing": "missing",
    "unreadable": "unreadable",
    "internal_error": "open by our fault",
}

_environment = Environment(
    loader=PackageLoader("autograder"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_environment.filters["visible"] = visible_text
_environment.filters["points"] = lambda points: f"{round(points, 2):g}"
_environment.filters["percent"] = lambda percent: "–" if percent is None else f"{percent:.0f} %"
_environment.filters["seconds"] = lambda seconds: f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"
_environment.filters["thousands"] = lambda number: f"{number:,}"
_environment.globals.update(
    BAR_BOTTOM=BAR_BOTTOM,
    EASY=EASY,
    FEWEST=FEWEST,
    FILTERS=FILTERS,
    HARD=HARD,
    MISTAKES_SHOWN=MISTAKES_SHOWN,
    OUTCOMES=OUTCOMES,
    OUTCOME_WORDS=_OUTCOME_WORDS,
    STATUSES=STATUSES,
    STATUS_WORDS=_STATUS_WORDS,
    TASKS_SHOWN=TASKS_SHOWN,
)


def write_report(folder: Path, course: Course, due: Mapping[str, datetime] | None = None) -> Path:
    """Read the records below an output folder and write `folder`/report.html, whole; returns its path."""
    path = folder / "report.html"
    write_whole(path, render_report(read_records(folder, course), course, due or {}).encode())
    return path


def render_report(records: Records, course: Course, due: Mapping[str, datetime]) -> str:
    """The page as HTML. `due`: when assignments were due, for those of which it is known."""
    present = {grade.assignment for grade in records.grades}
    chapters = [write_chapter(records, a, due.get(a.name)) for a in course.assignments if a.name in present]
    rows = list_rows(records, chapters, due)
    percents = [row.percent for row in rows if row.percent is not None]
    script, style = _read("report.js"), _read("report.css")
    return _environment.get_template("report.html.j2").render(
        chapters=chapters,
        rows=rows,
        tasks=list_tasks(records),
        overrides=list_overrides(records),
        broken=records.broken,
        whole=draw_histogram(percents),
        percents=spread(percents),
        submissions=len(records.grades) + len(records.broken),
        script=Markup(script),  # ours, and hashed: nothing else may run
        style=Markup(style),
        script_hash=_policy_hash(script),
        style_hash=_policy_hash(style),
    )


def parse_due(values: list[str], course: Course) -> dict[str, datetime]:
    """The due dates of `NAME=DATE` (ISO 8601; without a zone: UTC); GraderError for what is neither."""
    due = {}
    for value in values:
        name, _, text = value.partition("=")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise GraderError(
                f"--due {value}: expected NAME=DATE such as {course.assignments[0].name}=2026-03-09T23:59+01:00"
            ) from None
        known = [assignment.name for assignment in course.assignments]
        if name not in known:
            raise GraderError(f"--due {value}: no assignment {name!r}{did_you_mean(name, known)}")
        due[name] = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return due


def _read(name: str) -> str:
    """A file beside the template, as it will stand in the page: what the policy's hash is taken of."""
    text, _, _ = _environment.loader.get_source(_environment, name)  # type: ignore[union-attr]
    return "\n" + text.strip() + "\n"


def _policy_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
