"""Whose result belongs to which line of a roster: by login, number, e-mail address or name."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.course import did_you_mean
from autograder.errors import GraderError
from autograder.results import visible_text
from autograder.spreadsheets import Sheet

TEST_STUDENT = "Student, Test"  # as Canvas calls it
Keys = Callable[[str], tuple[str, ...]]  # what a cell, or a student's name, is compared by


def _whole(text: str) -> tuple[str, ...]:
    return (unicodedata.normalize("NFC", text).strip().casefold(),)


def _local(text: str) -> tuple[str, ...]:
    """What stands before the @ of an e-mail address."""
    return (_whole(text)[0].partition("@")[0],)


def _number(text: str) -> tuple[str, ...]:
    """The number of "Participant 4711" (Moodle), or one that stands alone; student4711 is a name, not number 4711."""
    found = re.fullmatch(r"(?:\D*\s)?(\d+)", text.strip())
    return (found[1],) if found else ("",)


def squeeze(text: str) -> str:
    """Letters and digits only: so are the names in the zips of Canvas."""
    return "".join(c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())


def _name(text: str) -> tuple[str, ...]:
    """A name, family name first (Canvas) or last."""
    family, _, given = text.partition(",")
    return tuple(dict.fromkeys((squeeze(text), squeeze(given + family))))


# Columns by which students are told apart, best first; "exact" ones must not hold a value twice.
_COLUMNS: tuple[tuple[str, Keys, bool], ...] = (
    ("SIS Login ID", _whole, True),
    ("Username", _whole, True),
    ("SIS User ID", _whole, True),
    ("ID number", _whole, True),
    ("Identifier", _number, True),
    ("ID", _whole, True),
    ("Integration ID", _whole, True),
    ("Email address", _whole, True),
    ("Email", _whole, True),
    ("SIS Login ID", _local, False),
    ("Email address", _local, False),
    ("Email", _local, False),
    ("Full name", _name, False),
    ("Student", _name, False),
    ("Name", _name, False),
)


@dataclass(frozen=True)
class Matching:
    """`rows`: student -> row of the roster; `column`: by what; who is in only one of both."""

    column: str
    rows: dict[str, int]
    unknown: tuple[str, ...]
    without: tuple[int, ...]


def match_students(students: Sequence[str], sheet: Sheet, column: str | None) -> Matching:
    """Find each student among the rows of a roster, by `column` or by the one that finds most of them.

    GraderError if no column finds anybody, an id stands in two rows, or two students share a row.
    """
    members = _members(sheet)
    candidates = _candidates(sheet, column)
    found = [(place, keys, exact, *_find(students, sheet, members, place, keys)) for place, keys, exact in candidates]
    place, keys, exact, rows, index = max(found, key=lambda candidate: len(candidate[3]))  # the first of the best
    heading = sheet.header[place]
    if not rows:
        looked = ", ".join(dict.fromkeys(sheet.header[c[0]] for c in candidates))
        raise GraderError(
            f"{sheet.place}: expected the students of the results in {looked}, found none (such as "
            f"{visible_text(students[0])!r}); name the column that has them by --match"
        )
    concerned = index if exact else {key for student in students for key in keys(student)}
    for key, places in index.items():
        if len(places) > 1 and key in concerned:
            raise GraderError(
                f"{sheet.place}: {heading}: {visible_text(key)!r} stands in rows {_numbers(places)}; "
                "expected it once: correct the roster, or name another column by --match"
            )
    owners: dict[int, str] = {}
    for student, row in rows.items():
        if row in owners:
            raise GraderError(
                f"{sheet.place}: row {row + 2}: both {visible_text(owners[row])!r} and {visible_text(student)!r} "
                "of the results belong to it; rename one of their folders and grade again"
            )
        owners[row] = student
    unknown = tuple(student for student in students if student not in rows)
    return Matching(heading, rows, unknown, tuple(row for row in members if row not in owners))


def _members(sheet: Sheet) -> list[int]:
    """The rows that are students': Canvas's points, its row of hidden assignments and its test student are not."""
    place = sheet.column("ID") if sheet.column("Section") is not None else None
    return [
        number
        for number, row in enumerate(sheet.rows)
        if place is None or (row[place].strip() and row[0].strip() != TEST_STUDENT)
    ]


def _candidates(sheet: Sheet, column: str | None) -> list[tuple[int, Keys, bool]]:
    if column is not None:
        place = sheet.column(column)
        if place is None:
            raise GraderError(
                f"{sheet.place}: --match {column}: no such column{did_you_mean(column, list(sheet.header))} "
                f"(there are: {', '.join(sheet.header)})"
            )
        kinds = [(keys, exact) for name, keys, exact in _COLUMNS if sheet.column(name) == place]
        return [(place, keys, exact) for keys, exact in kinds or [(_whole, True)]]
    candidates = [(sheet.column(name), keys, exact) for name, keys, exact in _COLUMNS]
    known = [(place, keys, exact) for place, keys, exact in candidates if place is not None]
    if not known:
        usual = ", ".join(dict.fromkeys(name for name, _, _ in _COLUMNS))
        raise GraderError(
            f"{sheet.place}: expected a column that tells students apart ({usual}), "
            f"found: {', '.join(sheet.header)}; name it by --match"
        )
    return known


def _find(
    students: Iterable[str], sheet: Sheet, members: Iterable[int], place: int, keys: Keys
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Student -> row, and key -> rows that have it."""
    index: dict[str, list[int]] = {}
    for row in members:
        for key in keys(sheet.rows[row][place]):
            if key:
                index.setdefault(key, []).append(row)
    rows = {}
    for student in students:
        hits = [index[key][0] for key in keys(student) if key in index]
        if hits:
            rows[student] = hits[0]
    return rows, index


def _numbers(rows: Iterable[int]) -> str:
    """Rows as a spreadsheet counts them, the heading being the first."""
    return " and ".join(str(row + 2) for row in rows)
