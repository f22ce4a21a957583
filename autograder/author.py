"""An assignment's text → its source notebook, with solutions and nbgrader's metadata.

The way of an assignment: text (here) → source → release (release.py) → graded (grading.py).
"""

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import markers
from autograder.course import Assignment, Exercise, did_you_mean
from autograder.errors import AuthorError
from autograder.percent import Role, TextCell, path_of, place_of, read_text

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def build_source(assignment: Assignment) -> NotebookNode:
    """The notebook with solutions; the same text gives the same bytes. AuthorError for the first fault in the text."""
    cells = read_text(assignment)
    refuse(lint_text(assignment, cells))
    _check_names(assignment, cells)
    exercises = {exercise.id: list(exercise.entry_points) for exercise in assignment.graded}
    metadata = {**KERNEL, "autograder": {"assignment": assignment.name, "exercises": exercises}}
    notebook = new_notebook(metadata=metadata)
    taken: set[str] = set()
    for cell in cells:
        if cell.is_code:
            parse_code(place_of(assignment, cell.line + 1), cell.source)
        cell_id = _choose_id(cell, taken)
        taken.add(cell_id)
        make = new_code_cell if cell.is_code else new_markdown_cell
        notebook.cells.append(make(cell.source, id=cell_id, metadata=_describe(assignment, cell)))
    nbformat.validate(notebook)
    return notebook


def source_files(assignment: Assignment) -> dict[str, bytes]:
    """What source/<name>/ holds, by path: the notebook, the public modules, and the data that assignment.toml names."""
    return {
        f"{assignment.name}.ipynb": encode_notebook(build_source(assignment)),
        **{path.name: path.read_bytes() for path in find_modules(assignment)},
        **_read_data(assignment),
    }


def find_modules(assignment: Assignment) -> list[Path]:
    """The modules that stand beside every notebook, all of them public: course.py and what it imports."""
    folder = assignment.root / "assignments"
    if not (folder / "course.py").is_file():
        raise AuthorError(f"{folder / 'course.py'}: expected the module that every notebook imports, found none")
    return sorted(folder.glob("*.py"))


def encode_notebook(notebook: NotebookNode) -> bytes:
    """As nbgrader writes it: sorted keys, indented by one, a newline at the end."""
    return (str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n").encode()


def lint_text(assignment: Assignment, cells: Iterable[TextCell]) -> list[str]:
    """Every marker problem of the text, one line each."""
    problems = []
    for cell in cells:
        kind: markers.CellKind = "other"
        if cell.role == "exercise" or cell.role == "question":
            kind = cell.role
        place = f'{path_of(assignment)}, cell "{cell.grade_id or cell.role}"'
        problems += markers.lint_cell(place, cell.line + 1, cell.lines, kind=kind, commented=not cell.is_code)
    return problems


def parse_code(place: str, source: str) -> ast.Module:
    """The syntax tree of a code cell; AuthorError if Python cannot read it."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise AuthorError(
            f"{place}: expected Python (no magics), got {error.msg} in the cell's line {error.lineno}"
        ) from None


def refuse(problems: list[str]) -> None:
    """AuthorError with the first problem, if there is one."""
    if problems:
        others = f" (and {len(problems) - 1} more: `autograder check` lists them)" if len(problems) > 1 else ""
        raise AuthorError(problems[0] + others)


def _check_names(assignment: Assignment, cells: list[TextCell]) -> None:
    """Names are unique, and exercises, questions and checks are those of assignment.toml."""
    seen: dict[str, int] = {}
    for cell in cells:
        name = cell.grade_id
        if name and name in seen:
            raise AuthorError(
                f"{place_of(assignment, cell.line)}: expected a name used once, got {name!r} again "
                f"(first in line {seen[name]})"
            )
        seen[name] = cell.line
    _match(assignment, cells, "exercise", assignment.graded)
    _match(assignment, cells, "question", assignment.manual)
    _match(assignment, cells, "check", assignment.graded)
    lines = {(cell.role, cell.name): cell.line for cell in cells}
    for exercise in assignment.graded:
        if lines["check", exercise.id] < lines["exercise", exercise.id]:
            place = place_of(assignment, lines["check", exercise.id])
            raise AuthorError(f"{place}: expected the check of {exercise.id!r} under its exercise")


def _match(assignment: Assignment, cells: list[TextCell], role: Role, described: tuple[Exercise, ...]) -> None:
    wanted = [exercise.id for exercise in described]
    found = {cell.name: cell.line for cell in cells if cell.role == role}
    for name, line in found.items():
        if name not in wanted:
            manual = " manual" if role == "question" else ""
            raise AuthorError(
                f"{place_of(assignment, line)}: {role} {name!r} is no{manual} exercise of assignment.toml"
                f"{did_you_mean(name, [each for each in wanted if each not in found])}"
            )
    for name in wanted:
        if name not in found:
            raise AuthorError(
                f'{path_of(assignment)}: expected a cell {role}="{name}" (assignment.toml names it), found none'
            )


def _choose_id(cell: TextCell, taken: set[str]) -> str:
    if cell.name:
        return cell.grade_id
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    first = f"{cell.role}-{digest}"
    # A repeat of the same text gets a suffix.
    return next(
        choice for n in range(1, len(taken) + 2) if (choice := first if n == 1 else f"{first}-{n}") not in taken
    )


def _describe(assignment: Assignment, cell: TextCell) -> dict[str, Any]:
    """The cell's metadata: our role, and nbgrader's for what it grades or locks."""
    described: dict[str, Any] = {"autograder": {"role": cell.role}}
    graded = cell.role in ("exercise", "question")
    if graded or cell.role in ("setup", "check"):
        nbgrader = {"grade": graded, "grade_id": cell.grade_id, "locked": not graded, "schema_version": 3}
        described["nbgrader"] = {**nbgrader, "solution": graded, "task": False}
    if graded:
        points = assignment.exercise(cell.name).points
        described["nbgrader"]["points"] = int(points) if points == int(points) else points
    return described


def _read_data(assignment: Assignment) -> dict[str, bytes]:
    """The data files by their path in the stage's folder; a folder in assignment.toml stands for all its files."""
    folder = assignment.root / "assignments" / "data"
    files: dict[str, bytes] = {}
    for entry in assignment.data:
        path = folder / entry
        if not path.resolve().is_relative_to(folder.resolve()) or not path.exists():
            known = sorted(each.name for each in folder.glob("*"))
            raise AuthorError(
                f"assignments/{assignment.name}/assignment.toml: data {entry!r}: expected a file or folder of "
                f"assignments/data{did_you_mean(entry, known)}"
            )
        for each in [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file()):
            files["data/" + each.relative_to(folder).as_posix()] = each.read_bytes()
    return files
