"""Right notebooks as tools save, convert and damage them: formats, metadata, ids, bytes."""

import json
import random
import re
import secrets

import jupytext
import nbformat
from nbconvert import PythonExporter

from tests.fairness.registry import Notebook, cells, code, edit, prose, raw, strip_metadata, text


@raw
def jupyterlab_saved(data: bytes) -> bytes:
    """JupyterLab after Run All: outputs, execution counts, a trusted flag, new cells of the student's own."""
    notebook = nbformat.reads(data.decode(), as_version=4)
    for count, cell in enumerate(cells(notebook, "setup", "exercise", "check", "training", "show"), 1):
        cell.execution_count = count
        cell.metadata["trusted"] = True
        cell.metadata["execution"] = {"iopub.execute_input": "2024-05-01T10:00:00.000000Z"}
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"step {count}\n")]
    notebook.cells[4:4] = [
        nbformat.v4.new_code_cell("print(1 + 1)\nscratch = 3"),
        nbformat.v4.new_markdown_cell("My notes"),
    ]
    return nbformat.writes(notebook).encode()


@edit
def vscode_old(notebook):
    """VS Code before cell ids: nbformat 4.2, no ids, interpreter hash, language id in each code cell."""
    notebook["nbformat_minor"] = 2
    notebook["metadata"]["vscode"] = {
        "interpreter": {"hash": "aee8b7b246df8f9039afb4144a1f6fd8d2ca17a180786b69acc140d282b71a49"}
    }
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"]["vscode"] = {"languageId": "python"}


@edit
def vscode_pasted_into_new_file(notebook):
    """All cells copied into a new notebook in VS Code: fresh ids, no metadata but the language."""
    for cell in notebook["cells"]:
        cell["id"] = secrets.token_hex(4)
        cell["metadata"] = {"vscode": {"languageId": "python"}} if cell["cell_type"] == "code" else {}
    notebook["metadata"] = {"language_info": {"name": "python", "version": "3.11.4"}, "orig_nbformat": 4}
    notebook["nbformat_minor"] = 2


@edit
def colab_saved(notebook):
    """Colab: nbformat 4.0, ids in the metadata, colab keys, outputs with outputId, a badge cell on top."""
    _colab(notebook)


@edit
def colab_without_nbgrader_metadata(notebook):
    """Colab after cells were copied between notebooks: its own ids only, nbgrader's metadata gone."""
    _colab(notebook)
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": secrets.token_urlsafe(9)}


def _colab(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    notebook["metadata"] |= {"colab": {"provenance": [], "toc_visible": True, "gpuType": "T4"}, "accelerator": "GPU"}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"0a": {"model_name": "HBoxModel"}}}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell.pop("id")}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": secrets.token_hex(16)}
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["Mounted at /content/drive\n"]}]
    badge = prose('<a href="https://colab.research.google.com/x" target="_parent">Open In Colab</a>')
    badge["metadata"] = {"id": "view-in-github", "colab_type": "text"}
    del badge["id"]
    notebook["cells"].insert(0, badge)


@edit
def colab_imports(notebook):
    """A cell that mounts Google Drive and installs packages, on top."""
    mount = "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive"
    notebook["cells"].insert(0, code(f"!pip install -q torch\n{mount}"))


@edit
def nbformat_4_4(notebook):
    """Saved by classic Notebook: no cell ids, collapsed flags."""
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"]["collapsed"] = False


@raw
def nbformat_3(data: bytes) -> bytes:
    """Down-converted by a very old Jupyter: worksheets, `input`, heading cells."""
    notebook = nbformat.reads(data.decode(), as_version=4)
    return nbformat.writes(nbformat.convert(notebook, 3), version=nbformat.NO_CONVERT).encode()


@edit
def deepnote_saved(notebook):
    """Deepnote: ids of 32 digits, its own metadata in each cell."""
    notebook["metadata"]["deepnote_notebook_id"] = secrets.token_hex(16)
    for cell in notebook["cells"]:
        cell["id"] = cell["metadata"]["cell_id"] = secrets.token_hex(16)
        cell["metadata"] |= {"deepnote_cell_type": cell["cell_type"], "source_hash": secrets.token_hex(4)}
        cell["metadata"].pop("nbgrader", None)


@raw
def nbconvert_script(data: bytes) -> bytes:
    """Exported by "Save as Python" and handed in as it was."""
    body, _ = PythonExporter().from_notebook_node(nbformat.reads(data.decode(), as_version=4))
    return body.encode()


@raw
def jupytext_percent(data: bytes) -> bytes:
    """Kept as a percent script by Jupytext."""
    return jupytext.writes(nbformat.reads(data.decode(), as_version=4), fmt="py:percent").encode()


@raw
def jupytext_light(data: bytes) -> bytes:
    """Kept as a light script by Jupytext: no cell marks at all."""
    return jupytext.writes(nbformat.reads(data.decode(), as_version=4), fmt="py:light").encode()


@raw
def colab_script(data: bytes) -> bytes:
    """Colab's "Download .py": Markdown as strings, magics as comments, no cell marks."""
    parts = ['# -*- coding: utf-8 -*-\n"""assignment.ipynb\n\nAutomatically generated by Colab.\n"""']
    for cell in json.loads(data)["cells"]:
        source = re.sub(r"(?m)^%", "# %", text(cell))
        parts.append(source if cell["cell_type"] == "code" else f'"""{source}"""')
    return "\n\n".join(parts).encode()


# --- metadata and ids ------------------------------------------------------------------------------------------------


@edit
def stripped_metadata(notebook):
    """nbstripout and other filters: no metadata, no ids."""
    strip_metadata(notebook)


@edit
def stripped_metadata_kept_ids(notebook):
    """Metadata cleaned by a Git filter, ids kept."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}


@edit
def same_id_everywhere(notebook):
    """A script that gave every cell the same id and lost the metadata."""
    for cell in notebook["cells"]:
        cell["id"], cell["metadata"] = "cell-0", {}


@edit
def invalid_ids(notebook):
    """Ids that are numbers, null, empty or contain blanks."""
    for index, cell in enumerate(notebook["cells"]):
        cell["id"] = [index, None, "", f"cell {index} !", "x" * 300, ["a"]][index % 6]


@edit
def grade_ids_shifted(notebook):
    """Contents moved down by one exercise, metadata left behind (copy and paste between cells)."""
    exercises = cells(notebook, "exercise")
    sources = [text(cell) for cell in exercises]
    for cell, source in zip(exercises, sources[-1:] + sources[:-1], strict=True):
        cell["source"] = source


@edit
def tags_that_skip(notebook):
    """Tags and flags that other tools obey: skip-execution, locked, points."""
    for cell in cells(notebook, "exercise"):
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell"]
        cell["metadata"]["nbgrader"] |= {"locked": True, "points": 1000, "solution": False}


@edit
def wild_metadata(notebook):
    """NaN, Infinity, nulls and wrong types where metadata should be."""
    notebook["metadata"] = {"score": float("nan"), "limit": float("inf"), "kernelspec": None}
    for index, cell in enumerate(notebook["cells"]):
        cell["metadata"] = [None, [], "text", {"nbgrader": []}, {"nbgrader": {"grade_id": 5}}][index % 5]


@edit
def missing_keys(notebook):
    """A generator that writes only what it thinks necessary."""
    for cell in notebook["cells"]:
        for key in ("metadata", "outputs", "id"):
            cell.pop(key, None)
    del notebook["metadata"], notebook["nbformat"], notebook["nbformat_minor"]


@edit
def unknown_cell_types(notebook):
    """An exercise in a cell of a type that no specification knows, others without a type."""
    for cell in cells(notebook, "exercise"):
        cell["cell_type"] = "python"
    for cell in cells(notebook, "setup", "check"):
        del cell["cell_type"]


# --- bytes -----------------------------------------------------------------------------------------------------------


@raw
def byte_order_mark(data: bytes) -> bytes:
    """Saved by Windows Notepad as "UTF-8 with BOM"."""
    return b"\xef\xbb\xbf" + data


@raw
def utf_16(data: bytes) -> bytes:
    """Saved by PowerShell's `>`: UTF-16 with a BOM and CRLF."""
    return data.decode().replace("\n", "\r\n").encode("utf-16")


@raw
def utf_16_without_mark(data: bytes) -> bytes:
    """UTF-16, little endian, without a BOM."""
    return data.decode().encode("utf-16-le")


@raw
def windows_1252(data: bytes) -> bytes:
    """Saved in Windows' old code page, with a dash in a Markdown cell."""
    notebook = json.loads(data)
    notebook["cells"].insert(0, prose("Müller \u2013 my solution"))
    return json.dumps(notebook, ensure_ascii=False).encode("cp1252", "replace")


@raw
def nul_padding(data: bytes) -> bytes:
    """A disk that was full: the file ends in a block of NUL bytes."""
    return data + bytes(4096)


@raw
def text_behind_the_end(data: bytes) -> bytes:
    """A shorter version saved over a longer one by a file-sync tool."""
    return data + b"\n  }\n ],\n}\n"


@raw
def minified(data: bytes) -> bytes:
    """One line of JSON, everything beyond ASCII escaped."""
    return json.dumps(json.loads(data), separators=(",", ":"), sort_keys=True).encode()


@edit
def windows_line_ends(notebook):
    """CRLF inside the cells' text."""
    for cell in notebook["cells"]:
        cell["source"] = text(cell).replace("\n", "\r\n")


@edit
def old_macintosh_line_ends(notebook):
    """A lone CR at the end of each line."""
    for cell in notebook["cells"]:
        cell["source"] = text(cell).replace("\n", "\r")


@edit
def lines_without_ends(notebook):
    """A list of lines from which a tool has cut the line ends."""
    for cell in notebook["cells"]:
        cell["source"] = text(cell).split("\n")


@edit
def broken_characters(notebook):
    """Lone surrogates, NUL and a byte order mark inside cells."""
    for cell in cells(notebook, "exercise"):
        cell["source"] = "\ufeff# \ud83d cut in half \x00\n" + text(cell)


@edit
def tabs(notebook):
    """Indented by tabs throughout, as some editors convert on save."""
    for cell in notebook["cells"]:
        cell["source"] = re.sub(r"(?m)^(?: {4})+", lambda match: "\t" * (len(match[0]) // 4), text(cell))


@edit
def outputs_of_30_mb(notebook):
    """A training log, a picture and a big plot left in the outputs."""
    numbers = [random.Random(0).random() for _ in range(100)] * 1000
    big = {"application/vnd.plotly.v1+json": {"data": [{"y": numbers}]}, "image/png": "iVBORw0KGgo" * 1_000_000}
    cells(notebook, "training")[0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["epoch 1, step 2, loss [0.1, 0.2]\n"] * 400_000},
        {"output_type": "display_data", "metadata": {}, "data": big},
    ]
