"""Percent text (Jupytext) → cells: what each header says, and where in the file each cell stands."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import jupytext
from nbformat import NotebookNode

from autograder.course import Assignment, did_you_mean
from autograder.errors import AuthorError

Role = Literal["setup", "exercise", "check", "training", "show", "question", "prose"]

_CODE_KEYS = ("setup", "exercise", "check", "training")
KEYS = (*_CODE_KEYS, "question")
_JUPYTEXT_KEYS = {"cell_marker", "lines_to_next_cell"}  # what jupytext notes for the way back to text
# Comments stay comments: jupytext would otherwise turn "# cat both halves" into a magic command.
_PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
_HEADER = re.compile(r"\s*#\s*%%")


@dataclass(frozen=True)
class TextCell:
    """A cell of the text: `line` is its header's number, `name` the value of its key, `lines` are as in the file."""

    line: int
    role: Role
    name: str
    source: str
    lines: tuple[str, ...]

    @property
    def is_code(self) -> bool:
        return self.role not in ("question", "prose")

    @property
    def grade_id(self) -> str:
        return f"{self.name}_check" if self.role == "check" else self.name


def read_text(assignment: Assignment) -> list[TextCell]:
    """The cells of assignments/<name>/<name>.py; AuthorError for a header that formats don't know."""
    if not assignment.text.is_file():
        raise AuthorError(
            f"{path_of(assignment)}: expected the assignment's text beside its assignment.toml, found none"
        )
    text = assignment.text.read_text(encoding="utf-8")
    lines = text.splitlines()
    headers = [number for number, line in enumerate(lines, 1) if _HEADER.match(line)]
    for number in headers:
        if not re.match(r"# %%( |$)", lines[number - 1]):
            raise AuthorError(
                f"{place_of(assignment, number)}: expected a cell header '# %% ...' at the line's start, "
                f"got {lines[number - 1]!r}; a comment must not begin with '%%'"
            )
    cells = jupytext.reads(text, fmt=_PERCENT).cells
    if len(cells) != len(headers):
        raise AuthorError(
            f"{path_of(assignment)}: expected a cell for each of {len(headers)} headers '# %%', got {len(cells)}; "
            "look for text before the first header, or a header inside a string or a fenced block"
        )
    return [
        _read_cell(assignment, header, tuple(lines[header : following - 1]), cell)
        for header, following, cell in zip(headers, [*headers[1:], len(lines) + 1], cells, strict=True)
    ]


def place_of(assignment: Assignment, line: int) -> str:
    """A line of the assignment's text, as error messages name it."""
    return f"{path_of(assignment)}, line {line}"


def path_of(assignment: Assignment) -> str:
    """The assignment's text below the course's root, as error messages name it."""
    return assignment.text.relative_to(assignment.root).as_posix()


def _read_cell(assignment: Assignment, header: int, lines: tuple[str, ...], cell: NotebookNode) -> TextCell:
    place = place_of(assignment, header)
    keys: dict[str, Any] = {key: value for key, value in cell.metadata.items() if key not in _JUPYTEXT_KEYS}
    for key, value in keys.items():
        if key == "title":
            raise AuthorError(
                f'{place}: found {value!r} in a header; expected [markdown], or a key such as exercise="..."'
            )
        if key not in KEYS:
            raise AuthorError(
                f"{place}: unknown header key {key!r}{did_you_mean(key, list(KEYS))} (known: {', '.join(KEYS)})"
            )
        if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise AuthorError(
                f"{place}: expected {key} to be lower-case letters, digits and underscores in quotes, got {value!r}"
            )
    if len(keys) > 1:
        raise AuthorError(f"{place}: expected one key in a header, got {', '.join(keys)}; split the cell")
    if cell.cell_type not in ("code", "markdown"):
        raise AuthorError(f"{place}: expected a code or [markdown] cell, got a {cell.cell_type} cell")
    key, name = next(iter(keys.items()), ("prose" if cell.cell_type == "markdown" else "show", ""))
    if (key in _CODE_KEYS and cell.cell_type != "code") or (key == "question" and cell.cell_type != "markdown"):
        expected = '# %% [markdown] question="..."' if key == "question" else f'# %% {key}="..."'
        raise AuthorError(f"{place}: expected {expected!r}, got {key} in a {cell.cell_type} cell")
    return TextCell(header, key, name, cell.source, lines)  # type: ignore[arg-type]  # every key is a role
