"""Source notebook → what students get, by nbgrader's own steps; and writing both stages to their folders.

A release folder works alone and is ready to zip: notebook, course.py with what it imports, data, requirements.txt, and
submission.py with master.json so that the notebook's last cell reads itself as the grader will.
"""

import ast
import copy
import json
import re
import shutil
import tempfile
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from autograder.author import encode_notebook, lint_text, parse_code, refuse, source_files
from autograder.course import Assignment, Course
from autograder.errors import AuthorError
from autograder.leaks import read_folder, scan_release
from autograder.percent import path_of, read_text

# Those of nbgrader's generate_assignment that have something to do here: hidden tests, mark schemes and generated
# tests are refused by the marker lint, and nothing is saved to a database. The result is the same to the byte.
STEPS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)

# What notebooks import besides PyTorch and Jupyter, which Colab and JupyterHub have already; versions are those of the
# course's pyproject.toml.
STUDENT_PACKAGES = ("numpy", "matplotlib", "pillow", "tqdm", "ipywidgets", "ipycanvas")
_CACHES = {"__pycache__", ".ipynb_checkpoints"}  # left by looking at a release; not in the repository


def build(course: Course, names: list[str]) -> list[Path]:
    """Write source/ and release/ of the assignments named (all, if none is); returns the folders written.

    Everything is built before anything is written: after an error the folders are as they were.
    """
    built = [(assignment, *_build_stages(assignment)) for assignment in course.select(names)]
    written: list[Path] = []
    for assignment, source, release in built:
        _write_folder(assignment.source, source)
        _write_folder(assignment.release, release)
        written += [assignment.source, assignment.release]
    return written


def check(course: Course, names: list[str]) -> list[str]:
    """What is wrong with the texts, or with source/ and release/ as they lie there; empty if nothing is."""
    problems: list[str] = []
    for assignment in course.select(names):
        try:
            linted = lint_text(assignment, read_text(assignment))
            problems += linted
            if linted:
                continue  # what is cut out and what is secret is not known
            source, release = _build_stages(assignment)
        except AuthorError as error:
            problems.append(str(error))
            continue
        problems += _compare(course, assignment.source, source)
        problems += _compare(course, assignment.release, release)
        notebook = _decode(source[f"{assignment.name}.ipynb"])
        problems += scan_release(assignment, notebook, read_folder(assignment.release))
    return problems if names else problems + _find_strangers(course)


def build_release(assignment: Assignment, source: NotebookNode) -> NotebookNode:
    """The student's notebook, as `nbgrader generate_assignment` makes it from the source notebook."""
    notebook = copy.deepcopy(source)
    resources: dict[str, Any] = {}
    for step in STEPS:
        notebook, resources = step()(notebook, resources)
    for exercise in assignment.graded:
        _check_entry_points(assignment, notebook, exercise.id, exercise.entry_points)
    return notebook


def release_files(assignment: Assignment, source: dict[str, bytes]) -> dict[str, bytes]:
    """What release/<name>/ holds, by path, from what source/<name>/ holds; AuthorError for the first leak."""
    name = f"{assignment.name}.ipynb"
    notebook = _decode(source[name])
    release = build_release(assignment, notebook)
    files = {
        **source,
        name: encode_notebook(release),
        "master.json": encode_master(release),
        "requirements.txt": _list_requirements(assignment.root),
        "submission.py": (assignment.root / "autograder" / "submission.py").read_bytes(),
    }
    refuse(scan_release(assignment, notebook, files))
    return files


def encode_master(release: NotebookNode) -> bytes:
    """The release notebook without what the reader of submissions does not ask for, as JSON."""
    cells = [
        {
            "cell_type": cell.cell_type,
            "id": cell.id,
            "metadata": {key: cell.metadata[key] for key in ("autograder", "nbgrader") if key in cell.metadata},
            "source": cell.source,
        }
        for cell in release.cells
    ]
    master = {"cells": cells, "metadata": {"autograder": release.metadata.autograder}}
    return (json.dumps(master, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _build_stages(assignment: Assignment) -> tuple[dict[str, bytes], dict[str, bytes]]:
    source = source_files(assignment)
    return source, release_files(assignment, source)


def _decode(notebook: bytes) -> NotebookNode:
    return nbformat.reads(notebook.decode(), as_version=4)


def _check_entry_points(assignment: Assignment, notebook: NotebookNode, cell_id: str, wanted: tuple[str, ...]) -> None:
    """What an exercise asks for is still defined, outside the solution, so that students see its signature."""
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    place = f'{path_of(assignment)}, cell "{cell_id}", its solution cut out'
    body = parse_code(place, cell.source).body
    defined = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    for name in wanted:
        if name not in defined:
            raise AuthorError(
                f"{place}: expected it to define {name!r} (an entry point in assignment.toml), "
                f"found {', '.join(defined) or 'nothing'}; signatures stand outside the solution markers"
            )


def _list_requirements(root: Path) -> bytes:
    """requirements.txt: the student's packages as the course's pyproject.toml asks for them."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    extras = project.get("optional-dependencies", {}).values()
    asked = {
        re.split(r"[^\w-]", line, maxsplit=1)[0].lower(): line
        for line in chain(*extras, project.get("dependencies", []))
    }
    return "".join(f"{asked.get(package, package)}\n" for package in STUDENT_PACKAGES).encode()


def _write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Put a folder with just these files in the place of the old one; the old one stays if writing fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _compare(course: Course, folder: Path, built: dict[str, bytes]) -> list[str]:
    place = folder.relative_to(course.root).as_posix()
    found = {path: content for path, content in read_folder(folder).items() if _CACHES.isdisjoint(Path(path).parts)}
    problems = []
    for path in sorted({*found, *built}):
        if path not in built:
            problems.append(
                f"{place}/{path}: not part of the build; delete it, or run `autograder build {folder.name}`"
            )
        elif path not in found:
            problems.append(f"{place}/{path}: missing; run `autograder build {folder.name}`")
        elif found[path] != built[path]:
            problems.append(f"{place}/{path}: not what assignments/ gives; run `autograder build {folder.name}`")
    return problems


def _find_strangers(course: Course) -> list[str]:
    """Folders in source/ and release/ that no assignment stands behind."""
    names = {assignment.name for assignment in course.assignments}
    return [
        f"{stage}/{folder.name}: no assignment of that name in assignments/; delete the folder"
        for stage in ("source", "release")
        for folder in sorted((course.root / stage).glob("*"))
        if folder.is_dir() and folder.name not in names
    ]
