"""What a regrade changed: two output folders compared, before anything is published.

Compared are the scores as they would be published, overrides applied. Nothing is dropped: who is new, who disappeared
and which record cannot be read is listed like a change of score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from rich import box
from rich.table import Table
from rich.text import Text

from autograder.errors import GraderError
from autograder.records import Records
from autograder.results import ExerciseResult, Grade, TestResult, visible_text, write_whole
from autograder.spreadsheets import write_sheet

Kind = Literal["raised", "lowered", "opened", "settled", "new", "gone", "broken", "other"]
KINDS: dict[Kind, str] = {
    "lowered": "lower",
    "opened": "no score any more",
    "gone": "disappeared",
    "broken": "cannot be compared",
    "raised": "higher",
    "settled": "has a score now",
    "new": "new",
    "other": "same score, other reasons",
}
LOSSES: frozenset[Kind] = frozenset({"lowered", "opened", "gone", "broken"})
COLUMNS = ("student", "assignment", "change", "old", "new", "exercise", "exercise_old", "exercise_new", "why", "cause")


@dataclass(frozen=True)
class Reason:
    """Why an exercise has another score, or the same for other reasons; an empty exercise means the whole."""

    exercise: str
    old: float | None
    new: float | None
    text: str


@dataclass(frozen=True)
class Change:
    """What became of one submission. `cause` says what was exchanged: notebook, suite, or both."""

    student: str
    assignment: str
    kind: Kind
    old: float | None
    new: float | None
    cause: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Difference:
    """All changes, losses first; `same` is how many submissions are as before, `resubmitted` how many of those
    have another notebook.
    """

    changes: tuple[Change, ...]
    same: int
    resubmitted: int

    @property
    def losses(self) -> tuple[Change, ...]:
        """Scores that fell or are gone, and what cannot be compared."""
        return tuple(change for change in self.changes if change.kind in LOSSES)


def compare_records(old: Records, new: Records) -> Difference:
    """Compare two classes submission by submission; GraderError if they have none in common."""
    befores = {(grade.student, grade.assignment): grade for grade in old.grades}
    afters = {(grade.student, grade.assignment): grade for grade in new.grades}
    broken = {
        (b.student, b.assignment): (where, b.reason) for where, r in (("old", old), ("new", new)) for b in r.broken
    }
    if not (befores.keys() | broken.keys()) & (afters.keys() | broken.keys()):
        raise GraderError(
            f"{old.folder} and {new.folder}: expected two gradings of one class, found no submission that is in both; "
            "name the output folders of the first and of the second grading"
        )
    changes, same, resubmitted = [], 0, 0
    for key in sorted(befores.keys() | afters.keys() | broken.keys()):
        if key in broken:
            where, reason = broken[key]
            text = Reason("", None, None, f"the {where} record cannot be read: {visible_text(reason)}")
            changes.append(Change(*key, "broken", _score(befores.get(key)), _score(afters.get(key)), "", (text,)))
            continue
        before, after = befores.get(key), afters.get(key)
        change = _compare(before, after, old, new)
        if change is not None:
            changes.append(change)
        elif before and after:
            same += 1
            resubmitted += before.notebook_sha256 != after.notebook_sha256
    order = list(KINDS)
    changes.sort(key=lambda change: (order.index(change.kind), change.student, change.assignment))
    return Difference(tuple(changes), same, resubmitted)


def difference_table(difference: Difference) -> Table:
    """The changes for a terminal; a line for each reason."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Student", "Assignment"):
        table.add_column(name, min_width=8, max_width=20)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Why", min_width=30)
    for change in difference.changes:
        style = "red" if change.kind in LOSSES else "green" if change.kind in ("raised", "settled") else "dim"
        score = Text(f"{_points(change.old)} → {_points(change.new)}", style=style)
        lines = [_headline(change), *(_line(reason) for reason in change.reasons)]
        table.add_row(_cell(change.student), _cell(change.assignment), score, Text("\n".join(lines)))
    return table


def summarise(difference: Difference) -> str:
    """One line: how many of each kind, and how many are as before."""
    counts = {kind: sum(change.kind == kind for change in difference.changes) for kind in KINDS}
    found = [f"{count} {KINDS[kind]}" for kind, count in counts.items() if count]
    exchanged = f" ({difference.resubmitted} of them with another notebook)" if difference.resubmitted else ""
    return ", ".join([*found, f"{difference.same} unchanged{exchanged}"])


def write_csv(difference: Difference, path: Path) -> None:
    """A row for each reason of each change; no cell starts a formula."""
    rows: list[Sequence[str | float | None]] = [COLUMNS]
    for change in difference.changes:
        head = (change.student, change.assignment, change.kind, change.old, change.new)
        for reason in change.reasons or (Reason("", None, None, ""),):
            rows.append((*head, reason.exercise, reason.old, reason.new, reason.text, change.cause))
    write_sheet(path, rows)


def write_json(difference: Difference, path: Path) -> None:
    """The same for programs: schema 1, changes with their reasons, how many are unchanged."""
    text = msgspec.json.encode(
        {
            "schema": 1,
            "unchanged": difference.same,
            "resubmitted": difference.resubmitted,
            "changes": difference.changes,
        }
    )
    write_whole(path, msgspec.json.format(text, indent=2) + b"\n")


def _compare(before: Grade | None, after: Grade | None, old: Records, new: Records) -> Change | None:
    """The change of one submission, None if there is none to tell."""
    if before is None or after is None:
        only = before or after
        if only is None:
            return None
        kind: Kind = "new" if before is None else "gone"
        return Change(only.student, only.assignment, kind, _score(before), _score(after), "", ())
    reasons = [*_status_reasons(before, after), *_exercise_reasons(before, after, old, new)]
    if before.score == after.score and not reasons:
        return None
    return Change(
        after.student,
        after.assignment,
        _kind(before.score, after.score),
        before.score,
        after.score,
        _cause(before, after),
        tuple(reasons),
    )


def _kind(old: float | None, new: float | None) -> Kind:
    if old == new:
        return "other"
    if new is None:
        return "opened"
    if old is None:
        return "settled"
    return "lowered" if new < old else "raised"


def _cause(before: Grade, after: Grade) -> str:
    """What is not the same in both gradings, by the hashes that the records keep."""
    exchanged = []
    if before.notebook_sha256 != after.notebook_sha256:
        exchanged.append("another notebook was handed in")
    if before.suite_sha256 and after.suite_sha256 and before.suite_sha256 != after.suite_sha256:
        exchanged.append("the suite is another")
    if not exchanged and before.versions != after.versions:
        names = sorted(n for n in before.versions | after.versions if before.versions.get(n) != after.versions.get(n))
        exchanged.append(f"same notebook and suite, other versions of {', '.join(names)}")
    return "; ".join(exchanged) or "same notebook, same suite"


def _status_reasons(before: Grade, after: Grade) -> Iterable[Reason]:
    if before.status != after.status:
        told = f": {after.message}" if after.message else ""
        words = f"{before.status} → {after.status}".replace("_", " ")
        yield Reason("", before.score, after.score, visible_text(words + told))
    if before.max_score != after.max_score:
        yield Reason("", before.score, after.score, f"of {before.max_score:g} → of {after.max_score:g} points")


def _exercise_reasons(before: Grade, after: Grade, old: Records, new: Records) -> Iterable[Reason]:
    olds = {result.id: result for result in before.exercises}
    news = {result.id: result for result in after.exercises}
    old_set = {override.exercise: override for override in old.overrides_of(before)}
    new_set = {override.exercise: override for override in new.overrides_of(after)}
    for name in dict.fromkeys([*news, *olds]):
        one, other = olds.get(name), news.get(name)
        scores = (_score(one), _score(other))
        set_now, set_then = new_set.get(name), old_set.get(name)
        texts = []
        if set_now and set_now != set_then:
            texts.append(f"set by an instructor: {set_now.reason}")
        if set_then and not set_now:
            texts.append("no longer set by an instructor")
        if not one or not other:
            texts.append("the exercise is new" if not one else "the exercise is gone")
        elif scores[0] != scores[1] and not set_now:
            texts += _test_reasons(one, other)
        if texts or scores[0] != scores[1]:
            yield Reason(name, *scores, visible_text("; ".join(texts)))


def _test_reasons(one: ExerciseResult, other: ExerciseResult) -> Sequence[str]:
    """A sentence for each test whose points or status are not the same."""
    olds = {test.name: test for test in one.tests}
    news = {test.name: test for test in other.tests}
    texts = []
    for name in dict.fromkeys([*news, *olds]):
        before, after = olds.get(name), news.get(name)
        if before and after and (before.status, before.points) == (after.status, after.points):
            continue
        texts.append(f"{name}: {_verdict(before)} → {_verdict(after)}")
    return texts


def _score(graded: Grade | ExerciseResult | None) -> float | None:
    return None if graded is None else graded.score


def _verdict(test: TestResult | None) -> str:
    if test is None:
        return "no such test"
    told = test.message or test.hint
    return f"{test.status} {test.points:g}/{test.max_points:g}" + (f" ({told})" if told else "")


def _headline(change: Change) -> str:
    return f"{KINDS[change.kind]}{f' – {change.cause}' if change.cause else ''}"


def _line(reason: Reason) -> str:
    text = " ".join(reason.text.split())
    return f"{reason.exercise} {_points(reason.old)} → {_points(reason.new)}: {text}" if reason.exercise else text


def _cell(name: str) -> Text:
    """A name in one line, shortened where the column is narrow, never read as rich's markup."""
    return Text(" ".join(visible_text(name).split()), no_wrap=True, overflow="ellipsis")


def _points(score: float | None) -> str:
    return "–" if score is None else f"{score:g}"
