"""Lint of the solution markers in an assignment's text.

nbgrader cuts what stands between two lines it knows and says nothing about a line it doesn't: a mistyped marker stays
in the student's notebook, with the solution under it. So every line that is a marker, or wants to be one, is looked at
here first.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
CellKind = Literal["exercise", "question", "other"]

_OURS: dict[tuple[str, ...], str] = {
    ("BEGIN", "SOLUTION"): BEGIN,
    ("START", "SOLUTION"): BEGIN,
    ("END", "SOLUTION"): END,
    ("STOP", "SOLUTION"): END,
}
# nbgrader's other regions have no place in this course's texts.
_FOREIGN: dict[tuple[str, ...], str] = {
    ("BEGIN", "HIDDEN", "TESTS"): "hidden tests belong in autograder/suites",
    ("END", "HIDDEN", "TESTS"): "hidden tests belong in autograder/suites",
    ("BEGIN", "MARK", "SCHEME"): f"a rubric belongs between {BEGIN!r} and {END!r} of a question",
    ("END", "MARK", "SCHEME"): f"a rubric belongs between {BEGIN!r} and {END!r} of a question",
    ("AUTOTEST",): "visible checks are written out, hidden ones belong in autograder/suites",
}


@dataclass(frozen=True)
class Resemblance:
    """What a line wants to be: the words found, and one of our markers or why nbgrader's has no place here."""

    found: str
    marker: str = ""
    reason: str = ""


def find_resemblance(line: str) -> Resemblance | None:
    """The marker that a line is, or is a misspelling of; None for ordinary code and prose.

    Two words in capitals count anywhere in the line ("BEGIN SOLUTON", "END_SOLUTION"). In other case they count only if
    the line says nothing else, and is either spelled right ("begin solution") or opens with "##" ("### Begin Soluton"):
    "in the end solution quality matters" and a heading "The solution" are prose.
    """
    words = re.findall(r"[^\W_]+", line)
    if len(words) > 3 and not any(word.isupper() for word in words):
        return None  # most lines; no spelling has more than three words
    for spelling in (*_OURS, *_FOREIGN):
        # "BEGINSOLUTION" is one word where two were meant.
        for wanted in {spelling, ("".join(spelling),)}:
            for first in range(len(words) - len(wanted) + 1):
                window = tuple(words[first : first + len(wanted)])
                if _wants_to_be(window, wanted, alone=len(words) == len(window), heading=line.startswith("##")):
                    found = " ".join(window)
                    return Resemblance(found, marker=_OURS.get(spelling, ""), reason=_FOREIGN.get(spelling, ""))
    return None


def lint_cell(place: str, first_line: int, lines: Sequence[str], *, kind: CellKind, commented: bool) -> list[str]:
    """All problems with the markers of one cell, each a line that names place, expected, got and what to do.

    `lines` are the cell's lines in the text file, `first_line` the number of the first; `commented` says that they may
    open with a Markdown cell's "# ". An exercise and a question must hold at least one region, other cells none.
    """
    problems: list[str] = []
    opened = 0  # the line of the region's BEGIN, 0 outside regions
    regions = 0
    filled = False
    for number, line in enumerate(lines, first_line):
        here = f"{place}, line {number}"
        body = (line.removeprefix("# ") if commented else line).strip()
        if body in (BEGIN, END) and kind == "other":
            problems.append(f"{here}: found {body!r}; expected solution markers only in exercise and question cells")
        elif body == BEGIN:
            if opened:
                problems.append(f"{here}: found {BEGIN!r} inside the region of line {opened}; expected {END!r} first")
            opened, filled = number, False
            regions += 1
        elif body == END:
            if not opened:
                problems.append(f"{here}: found {END!r}; expected {BEGIN!r} before it")
            elif not filled:
                problems.append(f"{here}: expected a solution since {BEGIN!r} in line {opened}, found nothing")
            opened = 0
        else:
            filled = filled or bool(body)
            problems += [f"{here}: {problem}" for problem in _lint_line(body, kind)]
    if opened:
        problems.append(f"{place}, line {opened}: found {BEGIN!r}; expected {END!r} before the cell's end")
    if kind != "other" and not regions and not problems:
        problems.append(f"{place}, line {first_line - 1}: expected lines {BEGIN!r} and {END!r}, found none")
    return problems


def _lint_line(body: str, kind: CellKind) -> list[str]:
    resemblance = find_resemblance(body)
    if resemblance and resemblance.marker:
        return [f"found {body!r}; did you mean {resemblance.marker!r}, alone on its line?"]
    if resemblance:
        return [f"found nbgrader's {resemblance.found!r}; {resemblance.reason}"]
    if kind == "exercise" and body.startswith("###"):
        return [f"found {body!r}; expected '###' only in {BEGIN!r} and {END!r} (write the comment with one '#')"]
    return []


def _wants_to_be(window: tuple[str, ...], wanted: tuple[str, ...], *, alone: bool, heading: bool) -> bool:
    if tuple(word.upper() for word in window) == wanted:
        return alone or all(word.isupper() for word in window)
    loud = all(word.isupper() for word in window)
    if not loud and not (alone and heading):
        return False
    return all(
        difflib.SequenceMatcher(None, word.upper(), right).ratio()
        >= _closeness(right, loud=loud, joined=len(wanted) == 1)
        for word, right in zip(window, wanted, strict=True)
    )


def _closeness(right: str, *, loud: bool, joined: bool) -> float:
    """The likeness from which a word counts as a misspelling."""
    if joined:
        return 0.9  # "SOLUTION" is not "ENDSOLUTION"
    return 0.66 if right == "END" and loud else 0.75  # "EDN"; "SOLUTON", "BEIGN"
