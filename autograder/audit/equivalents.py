"""Mutants that are no mistakes: the explicit list of a suite, equivalent.toml, and what may be wrong with it.

    [[equivalent]]
    exercise = "split_pair"
    before = "half = width // 2"
    after = "half = width // -2"
    reason = "an even width halves exactly: the cut is the same, counted from the right"

`before` and `after` are the lines as the audit prints them. An entry speaks for all mutants of the exercise that read
so; `occurrence = 2` only for the second of them, counted from the top. `either = true`: killed or not, it does not
count, since rounding decides what such a change makes of a training.
"""

from collections.abc import Sequence

import msgspec

from autograder.audit.mutants import Mutant
from autograder.course import Assignment
from autograder.errors import AuthorError

FILE = "equivalent.toml"


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry: mutants that no test can tell from the solution, or that are right as well, and why."""

    exercise: str
    before: str
    after: str
    reason: str
    occurrence: int | None = None
    either: bool = False

    def __str__(self) -> str:
        which = "" if self.occurrence is None else f" (occurrence {self.occurrence})"
        return f"{self.exercise}: {self.before!r} → {self.after!r}{which}"


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    """A whole equivalent.toml."""

    equivalent: list[Equivalent] = []


def read_equivalents(assignment: Assignment) -> list[Equivalent]:
    """The list of an assignment, empty if it has none; AuthorError if an entry is not complete."""
    path = assignment.suite / FILE
    if not path.is_file():
        return []
    try:
        entries = msgspec.toml.decode(path.read_bytes(), type=_Text).equivalent
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AuthorError(f"{path}: {error}; expected [[equivalent]] with exercise, before, after, reason") from None
    known = [exercise.id for exercise in assignment.graded]
    for entry in entries:
        if entry.exercise not in known:
            raise AuthorError(f"{path}: {entry}: expected one of the exercises {', '.join(known)}")
        if not entry.reason.strip():
            raise AuthorError(f"{path}: {entry}: expected a reason, got none; say why no test can tell it")
        if entries.count(entry) > 1:
            raise AuthorError(f"{path}: {entry}: stands there twice; remove one")
    return entries


def match_equivalents(
    assignment: Assignment, entries: Sequence[Equivalent], mutants: Sequence[Mutant]
) -> dict[Mutant, Equivalent]:
    """Which mutants the entries speak for; AuthorError for one that speaks for none."""
    matched: dict[Mutant, Equivalent] = {}
    for entry in entries:
        alike = [m for m in mutants if (m.exercise, m.before, m.after) == (entry.exercise, entry.before, entry.after)]
        chosen = alike if entry.occurrence is None else alike[max(entry.occurrence, 1) - 1 : entry.occurrence]
        if not chosen:
            raise AuthorError(
                f"{assignment.suite / FILE}: {entry}: expected the lines of a mutant as the audit prints them, "
                f"found {len(alike)} that read so; copy them from its list of survivors, or remove the entry"
            )
        matched.update((mutant, entry) for mutant in chosen)
    return matched
