"""Notebooks as they are handed in: real ones, filled in, then edited by every tool and accident we can think of."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autograder.submission import Master, read_master
from tests.fuzz.trees import Draw, change_bytes, change_tree, junk

ROOT = Path(__file__).parents[2]
NAMES = tuple(sorted(path.name for path in (ROOT / "release").iterdir()))
Notebook = dict[str, Any]


def _read(stage: str, name: str) -> Notebook:
    notebook: Notebook = json.loads((ROOT / stage / name / f"{name}.ipynb").read_bytes())
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


MASTERS: dict[str, Master] = {name: read_master(_read("release", name)) for name in NAMES}
SOLVED = {name: _read("source", name) for name in NAMES}
RELEASED = {name: _read("release", name) for name in NAMES}


class HandedIn:
    """A file, how it came about, and what was written into it (None where its bytes were damaged afterwards)."""

    def __init__(self, name: str, steps: tuple[str, ...], notebook: Notebook | None, data: bytes) -> None:
        self.name, self.steps, self.notebook, self.data = name, steps, notebook, data

    @property
    def master(self) -> Master:
        return MASTERS[self.name]

    def __repr__(self) -> str:
        return f"{self.name}: {', '.join(self.steps) or 'as it was'}"


@st.composite
def handed_in(draw: Draw) -> HandedIn:
    """A real notebook, some of its exercises solved, changed up to eight times, saved one way or another."""
    name = draw(st.sampled_from(NAMES))
    notebook = copy.deepcopy(SOLVED[name] if draw(st.booleans()) else RELEASED[name])
    if draw(st.booleans()):
        for cell, solved in zip(notebook["cells"], SOLVED[name]["cells"], strict=True):
            cell["source"] = solved["source"] if draw(st.booleans()) else cell["source"]
    steps = []
    for edit in draw(st.lists(st.sampled_from(EDITS), max_size=8)):
        if isinstance(notebook.get("cells"), list) and all(isinstance(cell, dict) for cell in notebook["cells"]):
            steps.append(f"{edit.__name__} {edit(draw, name, notebook)}")
    saved, how = draw(st.sampled_from(SAVES))(draw, notebook)
    steps.append(how)
    if draw(st.integers(0, 5)):
        return HandedIn(name, tuple(steps), notebook if saved else None, saved or json.dumps(notebook).encode())
    data, how = change_bytes(draw, saved or json.dumps(notebook).encode())
    return HandedIn(name, (*steps, how), None, data)


def _place(draw: Draw, cells: list[Notebook]) -> int:
    return int(draw(st.integers(0, max(0, len(cells) - 1))))


def delete(draw: Draw, name: str, notebook: Notebook) -> int:
    at = _place(draw, notebook["cells"])
    del notebook["cells"][at : at + draw(st.integers(1, 3))]
    return at


def duplicate(draw: Draw, name: str, notebook: Notebook) -> int:
    at, to = _place(draw, notebook["cells"]), _place(draw, notebook["cells"])
    notebook["cells"][to:to] = copy.deepcopy(notebook["cells"][at : at + 1])
    return at


def move(draw: Draw, name: str, notebook: Notebook) -> int:
    at, to = _place(draw, notebook["cells"]), _place(draw, notebook["cells"])
    taken = notebook["cells"][at : at + 1]
    del notebook["cells"][at : at + 1]
    notebook["cells"][to:to] = taken
    return at


def retitle(draw: Draw, name: str, notebook: Notebook) -> int:
    """Another cell's id, grade_id or metadata, or none."""
    at = _place(draw, notebook["cells"])
    for cell in notebook["cells"][at : at + 1]:
        other = draw(st.sampled_from(list(MASTERS[name].cells.values())))
        new = draw(st.sampled_from((other.id, "", "cell_3", None, 7)))
        how = draw(st.sampled_from(("id", "grade_id", "metadata", "none", "strip")))
        if how == "id":
            cell["id"] = new
        elif how == "grade_id":
            cell["metadata"] = {"nbgrader": {"grade_id": new, "points": 1000}, "tags": ["skip-execution"]}
        elif how == "metadata":
            cell["metadata"] = copy.deepcopy(other.metadata)
        else:
            cell.pop("id", None)
            cell["metadata"] = {} if how == "none" else {"id": new}
    return at


def recast(draw: Draw, name: str, notebook: Notebook) -> int:
    """Another cell type."""
    at = _place(draw, notebook["cells"])
    for cell in notebook["cells"][at : at + 1]:
        cell["cell_type"] = draw(st.sampled_from(("code", "markdown", "raw", "heading", None)))
    return at


def merge(draw: Draw, name: str, notebook: Notebook) -> int:
    at = _place(draw, notebook["cells"])
    pair = notebook["cells"][at : at + 2]
    if len(pair) == 2 and all(isinstance(cell.get("source"), str) for cell in pair):
        pair[0]["source"] += draw(st.sampled_from(("\n", "\n\n", "\n\n\n"))) + pair[1]["source"]
        del notebook["cells"][at + 1]
    return at


def split(draw: Draw, name: str, notebook: Notebook) -> int:
    at = _place(draw, notebook["cells"])
    for cell in notebook["cells"][at : at + 1]:
        if isinstance(cell.get("source"), str):
            lines = cell["source"].split("\n")
            cut = draw(st.integers(0, len(lines)))
            rest = copy.deepcopy(cell) | {"source": "\n".join(lines[cut:])}
            cell["source"] = "\n".join(lines[:cut])
            notebook["cells"].insert(at + 1, rest)
    return at


def rewrite(draw: Draw, name: str, notebook: Notebook) -> int:
    """The text of a cell as editors and students change it."""
    at = _place(draw, notebook["cells"])
    for cell in notebook["cells"][at : at + 1]:
        text = cell.get("source")
        if isinstance(text, str):
            cell["source"] = draw(st.sampled_from(_REWRITES))(draw, name, text)
    return at


def add(draw: Draw, name: str, notebook: Notebook) -> int:
    """A cell of the student's own."""
    at = _place(draw, notebook["cells"])
    names = [entry for entries in MASTERS[name].exercises.values() for entry in entries]
    entry = draw(st.sampled_from(names))
    texts = ("x = 1", f"def {entry}(*args):\n    return 0", f"{entry} = None", f"# {entry}", "%%bash\nls", "  bad(\n")
    text = draw(st.sampled_from(texts) | st.text(max_size=40))
    kind = draw(st.sampled_from(("code", "markdown", "raw")))
    fenced = f"```python\n{text}\n```" if draw(st.booleans()) else text
    notebook["cells"].insert(at, {"cell_type": kind, "metadata": {}, "source": fenced})
    return at


def corrupt(draw: Draw, name: str, notebook: Notebook) -> str:
    """Any JSON value anywhere."""
    return change_tree(draw, notebook, junk)


EDITS: tuple[Callable[..., Any], ...] = (
    *(delete, duplicate, move, retitle, retitle, recast, merge, split, rewrite, rewrite, add, corrupt, corrupt),
)
_REWRITES: tuple[Callable[[Draw, str, str], Any], ...] = (
    lambda draw, name, text: text.splitlines(keepends=True),
    lambda draw, name, text: text.split("\n"),
    lambda draw, name, text: text.replace("\n", draw(st.sampled_from(("\r\n", "\r", "\n\n", "\u2028")))),
    lambda draw, name, text: draw(st.sampled_from(("", " ", "\t", "\ufeff", "\0", "# %%\n", "%%time\n"))) + text,
    lambda draw, name, text: "\n".join("    " + line for line in text.split("\n")),
    lambda draw, name, text: text.replace("    ", "\t").replace('"', "'"),
    lambda draw, name, text: text + draw(st.sampled_from(("\n", "\n\nx = 1", "\n\\", '\n"""', "\ud83d", "\n# é"))),
    lambda draw, name, text: text * draw(st.integers(0, 3)),
    lambda draw, name, text: text.replace("def ", draw(st.sampled_from(("async def ", "DEF ", "def _", "class ")))),
    lambda draw, name, text: "".join(draw(st.permutations(text.splitlines(keepends=True)[:12]))),
    lambda draw, name, text: draw(st.sampled_from(list(MASTERS[name].cells.values()))).source,
    lambda draw, name, text: draw(st.text(max_size=60)),
)


def _as_json(draw: Draw, notebook: Notebook) -> tuple[bytes, str]:
    plain = draw(st.booleans())
    text = json.dumps(notebook, ensure_ascii=plain, indent=draw(st.sampled_from((None, 1))))
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32-le")))
    return text.encode(encoding, "surrogatepass"), encoding


def _as_version_3(draw: Draw, notebook: Notebook) -> tuple[bytes, str]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            cell["input"] = cell.pop("source", None)
    return json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode(), "nbformat 3"


def _as_list(draw: Draw, notebook: Notebook) -> tuple[bytes, str]:
    return json.dumps(notebook.get("cells")).encode(), "list of cells"


def _as_script(draw: Draw, notebook: Notebook) -> tuple[bytes, str]:
    """As Jupytext, VS Code and Colab export."""
    mark = draw(st.sampled_from(("# %%", "# In[1]:", "# %% [markdown]", "#%%")))
    cells = notebook.get("cells")
    cells = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    texts = (f"{mark}\n{cell['source']}\n" for cell in cells if isinstance(cell.get("source"), str))
    return "\n".join(texts).encode("utf-8", "surrogatepass"), "script"


SAVES = (_as_json, _as_json, _as_json, _as_json, _as_version_3, _as_list, _as_script)
