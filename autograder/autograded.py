"""The notebook that formgrader shows: a submission with the master's metadata, in which nothing of a student's runs.

formgrader renders notebooks on the instructor's origin, where a script could change grades. So the copy has no outputs,
no attachments, no metadata but the master's, and in Markdown and raw cells no `<` can open a tag: a space behind it
keeps text, formulas and code as readable as before.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.errors import GraderError
from autograder.results import PART, visible_text, write_whole

_TAG_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def harmless_markdown(text: str) -> str:
    """The same text without anything that could become an HTML tag when Markdown is rendered."""
    return _TAG_OPENING.sub("< ", text)


def copy_for_formgrader(submitted: Mapping[str, Any], master: NotebookNode) -> NotebookNode:
    """A submission's repaired notebook as formgrader may show it; grading metadata is taken from `master` only."""
    known = {grade_id(cell): cell for cell in master.cells if grade_id(cell)}
    ours = {cell.source: cell for cell in master.cells if cell.cell_type == "markdown"}
    cells: list[NotebookNode] = []
    for index, cell in enumerate(nbformat.from_dict(dict(submitted)).get("cells", [])):
        kept = known.pop(grade_id(cell), None)  # an id counts once: nbgrader stops at a second one
        ids = {earlier["id"] for earlier in cells}
        cell_id = cell.get("id", "")
        usable = isinstance(cell_id, str) and _CELL_ID.fullmatch(cell_id) and cell_id not in ids
        cells.append(_clean_cell(cell, kept, ours, cell_id if usable else f"student-cell-{index}"))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=_notebook_metadata(master))
    nbformat.validate(notebook)
    return notebook


def notice_for_formgrader(text: str, master: NotebookNode) -> NotebookNode:
    """What stands in for a submission without a readable notebook: the empty assignment below a notice."""
    notice = nbformat.v4.new_markdown_cell(harmless_markdown(f"**{visible_text(text)}**"), id="autograder-notice")
    copy = copy_for_formgrader(master, master)
    return nbformat.v4.new_notebook(cells=[notice, *copy.cells], metadata=copy.metadata)


def read_autograded(path: Path) -> NotebookNode | None:
    """The notebook written at an earlier grading, or None if there is none that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return None


def write_autograded(path: Path, notebook: NotebookNode | None) -> None:
    """Write it whole; None (nothing was handed in) leaves the folder that formgrader expects, without a notebook.

    For one process at a time (the gradebook's transaction sees to it): what a killed one left half-written is removed.
    """
    try:
        for left in path.parent.glob(f".*{PART}"):
            left.unlink(missing_ok=True)
        if notebook is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        else:
            write_whole(path, nbformat.writes(notebook).encode() + b"\n")
    except OSError as error:
        raise GraderError(f"{path.parent}: cannot be changed: {error.strerror}; see to the folder's owner") from None


def cell_source(notebook: NotebookNode | None, name: str) -> str | None:
    """The text of the cell with this grade_id, or None."""
    cells = notebook.cells if notebook else []
    return next((cell.source for cell in cells if grade_id(cell) == name), None)


def grade_id(cell: Mapping[str, Any]) -> str:
    """nbgrader's id of a cell, "" if it has none; whatever stands there in a student's metadata."""
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""


def _clean_cell(
    cell: NotebookNode, master_cell: NotebookNode | None, ours: Mapping[str, NotebookNode], cell_id: str
) -> NotebookNode:
    """A cell with a student's text in it; `ours` are the master's Markdown cells by text, which may hold HTML."""
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    kind = (master_cell or cell).cell_type
    metadata = {"nbgrader": dict(master_cell.metadata["nbgrader"])} if master_cell else {}
    if kind == "code":
        return nbformat.v4.new_code_cell(visible_text(text), id=cell_id, metadata=metadata)
    if kind == "raw":
        return nbformat.v4.new_raw_cell(harmless_markdown(visible_text(text)), id=cell_id)
    if text in ours:
        pictures = {"attachments": ours[text].attachments} if "attachments" in ours[text] else {}
        return nbformat.v4.new_markdown_cell(text, id=cell_id, metadata=metadata, **pictures)
    return nbformat.v4.new_markdown_cell(harmless_markdown(visible_text(text)), id=cell_id, metadata=metadata)


def _notebook_metadata(master: NotebookNode) -> dict[str, Any]:
    return {key: master.metadata[key] for key in ("kernelspec", "language_info") if key in master.metadata}
