"""What a release folder must not hold: solutions, hidden tests and references, markers, outputs.

nbgrader cuts only what its markers enclose, and only in notebooks. This scan reads the files that students get.

Rules, for text with blanks and leading comment and list signs put aside:
- A *solution line* is a line of a solution region with at least 12 characters, unless the author shows the same line
  elsewhere (outside regions of the notebook, in course.py or another module of assignments/). It must not occur in
  any file, alone or inside a line.
- *Hidden text* is every .py file of the assignment's suite, without what is public by nature: imports, signatures,
  decorators, docstrings, and the code that exercise cells give. A single line may coincide with a public one; a *run*
  of lines that holds at least 60 characters must not occur in any file. Blanks are not counted.
- The modules of assignments/ (course.py and what it imports) and submission.py are public by design: only markers
  and mentions of the suites are looked for in them.
"""

import ast
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.author import find_modules
from autograder.course import Assignment
from autograder.markers import BEGIN, END, find_resemblance

SHORTEST_LINE = 12
SHORTEST_RUN = 60
_SUITES = re.compile(r"autograder[./\\]suites")


@dataclass(frozen=True)
class Passage:
    """A piece of text: a notebook cell, a file, or a secret; `place` names it in messages."""

    place: str
    lines: tuple[str, ...]


def scan_release(assignment: Assignment, source: NotebookNode, files: Mapping[str, bytes]) -> list[str]:
    """All leaks in the files of a release folder (path in the folder → content), a line for each.

    `source` is the notebook with solutions: it says what is secret and what is shown anyway.
    """
    problems: list[str] = []
    modules = find_modules(assignment)
    public = {"submission.py", *(path.name for path in modules)}
    secrets = _solution_lines(modules, source)
    hidden = _hidden_passages(assignment, source)
    for path, content in sorted(files.items()):
        place = f"release/{assignment.name}/{path}"
        if path.endswith(".ipynb"):
            problems += _find_outputs(place, content)
        for passage in _read_passages(place, content):
            problems += _find_signs(passage)
            if path not in public:
                problems += _find_solution(passage, secrets)
                problems += _find_hidden(passage, hidden)
    return problems


def split_solution(text: str) -> tuple[list[str], list[str]]:
    """The lines of a source cell outside its solution regions, and those inside."""
    shown: list[str] = []
    cut: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        else:
            (cut if inside else shown).append(line)
    return shown, cut


def _solution_lines(modules: Iterable[Path], source: NotebookNode) -> dict[str, str]:
    """Solution lines (normalised) with the cell each is from; what a public module shows is none."""
    shown = [line for path in modules for line in path.read_text(encoding="utf-8").splitlines()]
    secrets: dict[str, str] = {}
    for cell in source.cells:
        outside, inside = split_solution(cell.source)
        shown += outside
        for line in _significant(inside):
            if _weight(line) >= SHORTEST_LINE:
                secrets.setdefault(line, cell.id)
    public = "\n".join(_significant(shown))
    return {line: cell for line, cell in secrets.items() if line not in public}


def _hidden_passages(assignment: Assignment, source: NotebookNode) -> list[Passage]:
    given: set[str] = set()
    for cell in source.cells:
        if cell.metadata.get("autograder", {}).get("role") == "exercise":
            given.update(_significant(split_solution(cell.source)[0]))
    passages = []
    for path in sorted(assignment.suite.rglob("*.py")):
        lines = _significant(_private_lines(path.read_text(encoding="utf-8")))
        place = path.relative_to(assignment.root).as_posix()
        passages.append(Passage(place, tuple(line for line in lines if line not in given)))
    return passages


def _private_lines(text: str) -> list[str]:
    """The lines of Python code that are neither import, signature, decorator nor docstring."""
    lines = text.splitlines()
    try:
        tree = ast.parse(text)
    except SyntaxError:  # a known-wrong submission may be no Python at all
        return lines
    public: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            public.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            # A body on the line of its signature is code.
            public.update(range(first, max(node.body[0].lineno, first)))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            public.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return [line for number, line in enumerate(lines, 1) if number not in public]


def _read_passages(place: str, content: bytes) -> Iterator[Passage]:
    """The text of a file, decoded: of a notebook cell by cell, of other JSON all its strings; of pictures nothing."""
    try:
        text = content.decode("utf-8")
        document = json.loads(text) if place.endswith((".ipynb", ".json")) else None
    except UnicodeDecodeError:
        return
    except json.JSONDecodeError:
        document = None
    if document is None:
        yield Passage(place, tuple(text.splitlines()))
        return
    cells = document.pop("cells", []) if isinstance(document, dict) else []
    for cell in cells:
        named = cell.get("id", "?") if isinstance(cell, dict) else "?"
        yield Passage(f'{place}, cell "{named}"', tuple(_strings(cell)))
    yield Passage(place, tuple(_strings(document)))


def _strings(value: Any) -> Iterator[str]:
    """All lines of text in decoded JSON, keys included; a list of strings is one text, as notebooks write it."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        yield from "".join(value).splitlines()
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)


def _find_outputs(place: str, content: bytes) -> Iterator[str]:
    try:
        cells = nbformat.reads(content.decode("utf-8"), as_version=4).cells
    except Exception as error:  # whatever nbformat raises, it is no notebook
        yield f"{place}: expected a notebook, cannot read it ({error}); build again"
        return
    for cell in cells:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f'{place}, cell "{cell.get("id", "?")}": expected no outputs, found some; build again'


def _find_signs(passage: Passage) -> Iterator[str]:
    for line in dict.fromkeys(passage.lines):
        resemblance = find_resemblance(line.strip())
        if resemblance:
            yield f"{passage.place}: found the marker {resemblance.found!r}: {_shorten(line)}"
        if _SUITES.search(line):
            yield f"{passage.place}: found a mention of the hidden suites: {_shorten(line)}"


def _find_solution(passage: Passage, secrets: Mapping[str, str]) -> Iterator[str]:
    text = "\n".join(_significant(passage.lines))
    for line, cell in secrets.items():
        if line in text:
            yield f'{passage.place}: found a line of the solution of cell "{cell}": {_shorten(line)}'


def _find_hidden(passage: Passage, hidden: Iterable[Passage]) -> Iterator[str]:
    shown = _significant(passage.lines)
    for secret in hidden:
        if set(shown).isdisjoint(secret.lines):
            continue
        matcher = difflib.SequenceMatcher(None, shown, secret.lines, autojunk=False)
        for start, _, size in matcher.get_matching_blocks():
            if sum(_weight(line) for line in shown[start : start + size]) >= SHORTEST_RUN:
                yield f"{passage.place}: found {size} lines of {secret.place}, from: {_shorten(shown[start])}"


def _significant(lines: Iterable[str]) -> list[str]:
    """Lines with single blanks, without leading comment, quote and list signs; blank ones left out."""
    cleaned = (" ".join(line.lstrip("#>*|- \t").split()) for line in lines)
    return [line for line in cleaned if line]


def _weight(line: str) -> int:
    return len(line.replace(" ", ""))


def _shorten(line: str) -> str:
    line = line.strip()
    return repr(line if len(line) <= 60 else line[:57] + "...")


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their path in it; empty if there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
