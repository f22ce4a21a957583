"""Make the sample class in submitted/ from the course's notebooks and what the students wrote in cells/.

    python examples/make_samples.py            write examples/submitted
    python examples/make_samples.py --check    only say what is not as it would be written

A sample is the released notebook with cells filled in: from the student's file cells/<assignment>/<student>.py, else
from the solutions, if the sample takes those. In a student's file a line `# %% generator` begins the new text of the
cell "generator", and `# %% behind imports` a cell of the student's own behind the cell "imports". The same texts give
the same bytes.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent
COURSE = EXAMPLES.parent
MARKERS = re.compile(r"(?m)^ *### (?:BEGIN|END) SOLUTION\n?")
HEADER = re.compile(r"(?m)^# %% (behind )?(\w+)\n")
STUB = "YOUR ANSWER HERE"
# One grey pixel: where a picture was.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
WEB_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>vanilla_gan - Jupyter Notebook</title></head>
<body><noscript>Jupyter Notebook requires JavaScript. Please enable it to proceed.</noscript></body>
</html>
"""

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A student's work. `solutions`: the exercises taken from the solution unless the student wrote them; None: all."""

    handed_in: str
    solutions: tuple[str, ...] | None = ()
    save: Callable[[Notebook], None] | None = None


def make_samples() -> dict[str, bytes]:
    """Every file of examples/submitted, by its path below it."""
    files: dict[str, bytes] = {}
    for (student, assignment), sample in SAMPLES.items():
        folder = f"{student}/{assignment}"
        if sample.handed_in:
            files[f"{folder}/timestamp.txt"] = f"{sample.handed_in} UTC\n".encode()
        if sample.save is not None:
            written = read_cells(EXAMPLES / "cells" / assignment / f"{student}.py")
            notebook = fill_in(assignment, sample.solutions, written)
            sample.save(notebook)
            text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
            files[f"{folder}/{assignment}.ipynb"] = text.encode()
    files["mei/vanilla_gan/vanilla_gan.ipynb"] = WEB_PAGE.encode()
    return files


def read_cells(path: Path) -> list[tuple[str, str, str]]:
    """What a student wrote: ("behind" or "", name of a cell, text), in order; nothing without a file."""
    if not path.exists():
        return []
    _, *parts = HEADER.split(path.read_text(encoding="utf-8"))
    return [
        (how.strip() if how else "", name, text.strip("\n")) for how, name, text in zip(*[iter(parts)] * 3, strict=True)
    ]


def fill_in(assignment: str, solutions: tuple[str, ...] | None, written: list[tuple[str, str, str]]) -> Notebook:
    """The release with solutions and the student's own texts in it."""
    notebook = read_notebook("release", assignment)
    solved = {cell["id"]: MARKERS.sub("", cell["source"]) for cell in read_notebook("source", assignment)["cells"]}
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    exercises = [
        name for name, cell in by_id.items() if cell["metadata"].get("autograder", {}).get("role") == "exercise"
    ]
    for name in exercises if solutions is None else solutions:
        by_id[name]["source"] = solved[name].rstrip("\n")
    for how, name, text in written:
        if name not in by_id:
            raise SystemExit(f"examples/cells: expected the name of a cell, got {name!r}; there are {', '.join(by_id)}")
        if how == "behind":
            place = notebook["cells"].index(by_id[name])
            notebook["cells"].insert(place + 1, new_cell(text))
        elif by_id[name]["cell_type"] == "markdown":
            answer = re.sub(r"(?m)^# ?", "", text)
            by_id[name]["source"] = by_id[name]["source"].replace(STUB, answer)
        else:
            by_id[name]["source"] = text
    return notebook


def read_notebook(stage: str, assignment: str) -> Notebook:
    """A notebook of the course, sources as text."""
    path = COURSE / stage / assignment / f"{assignment}.ipynb"
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def new_cell(source: str) -> dict[str, Any]:
    """A code cell that the student added, as an editor makes it."""
    name = hashlib.sha256(source.encode()).hexdigest()[:8]
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": source}


def save_as_jupyterlab(notebook: Notebook) -> None:
    """As JupyterLab saves after Run All: outputs, execution counts and times, sources by lines."""
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
            started = f"2026-03-09T18:{count // 60:02}:{count % 60:02}.000000Z"
            cell["metadata"] |= {"execution": {"iopub.execute_input": started}, "trusted": True}
            cell["outputs"] = make_outputs(cell)
        cell["source"] = cell["source"].splitlines(keepends=True)


def make_outputs(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """What the cell would have shown if all was well: the words of a check, a progress bar, a picture."""
    role = cell["metadata"].get("autograder", {}).get("role")
    if role == "check":
        checks = re.findall(r'check\.\w+\(\s*"([^"]+)"', cell["source"])
        return [{"name": "stdout", "output_type": "stream", "text": [f"ok       {check}\n" for check in checks]}]
    if role == "training":
        bars = [f"\rtraining: {percent:3}%" for percent in range(0, 101, 20)]
        return [{"name": "stderr", "output_type": "stream", "text": bars}]
    if role == "show" and ("show_grid" in cell["source"] or "plt.show" in cell["source"]):
        return [
            {
                "data": {"image/png": PIXEL, "text/plain": ["<Figure size 900x300 with 1 Axes>"]},
                "metadata": {},
                "output_type": "display_data",
            }
        ]
    return []


def save_as_vscode(notebook: Notebook) -> None:
    """As VS Code saves: outputs gone, the kernel's name its own, the language in each code cell."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"vscode": {"languageId": "python"}}
    notebook["metadata"] |= {"kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"}}


def save_as_colab(notebook: Notebook) -> None:
    """Colab after copying cells of vanilla_gan about: its own metadata only, cells twice, in another order, merged."""
    cells = notebook["cells"]
    places = {cell["id"]: cell for cell in cells}
    # One function pasted under the other, its own cell deleted.
    places["discriminator_loss"]["source"] += "\n\n" + places["minimax_generator_loss"]["source"]
    cells.remove(places["minimax_generator_loss"])
    # The generator's cell a second time, below; the losses moved to the top; a check deleted.
    cells.insert(cells.index(places["discriminator"]), json.loads(json.dumps(places["generator"])))
    for name in ("bce_with_logits", "generator_loss"):
        cells.remove(places[name])
        cells.insert(cells.index(places["sample_noise"]), places[name])
    cells.remove(places["saturation_check"])
    for number, cell in enumerate(cells):
        cell["metadata"] = {"id": hashlib.sha256(f"{number}".encode()).hexdigest()[:12]}
        del cell["id"]
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = hashlib.sha256(cell["source"].encode()).hexdigest()[:32]
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["Mounted at /content/drive\n"]}]
    kernel = {"display_name": "Python 3", "name": "python3"}
    notebook["metadata"] = {"accelerator": "GPU", "colab": {"gpuType": "T4", "provenance": []}, "kernelspec": kernel}
    notebook["nbformat_minor"] = 0


FIRST_HALF = (
    *("sample_noise", "generator", "discriminator", "bce_with_logits"),
    *("discriminator_loss", "minimax_generator_loss"),
)
SAMPLES = {
    ("amina", "vanilla_gan"): Sample("2026-03-09 18:20:11", None, save_as_jupyterlab),
    ("bruno", "vanilla_gan"): Sample("2026-03-08 09:02:45", (), save_as_vscode),
    ("clara", "vanilla_gan"): Sample("2026-03-09 23:58:59", FIRST_HALF, save_as_jupyterlab),
    ("diego", "vanilla_gan"): Sample("2026-03-09 21:14:03", None, save_as_jupyterlab),
    ("elif", "vanilla_gan"): Sample("2026-03-07 16:40:30", None, save_as_jupyterlab),
    ("farid", "vanilla_gan"): Sample("2026-03-09 20:31:27", None, save_as_vscode),
    ("greta", "vanilla_gan"): Sample("2026-03-09 12:05:18", None, save_as_jupyterlab),
    ("hugo", "vanilla_gan"): Sample("2026-03-10 07:15:00", None, save_as_vscode),
    ("ines", "vanilla_gan"): Sample("2026-03-09 19:47:52", None, save_as_jupyterlab),
    ("jonas", "vanilla_gan"): Sample("2026-03-10 00:13:36", None, save_as_colab),
    ("katja", "vanilla_gan"): Sample("2026-03-09 13:37:00", (), save_as_jupyterlab),
    ("amina", "data_loading"): Sample("2026-02-23 19:02:40", None, save_as_jupyterlab),
    ("clara", "data_loading"): Sample(
        "2026-02-23 23:59:12", ("normalize_image", "denormalize_image", "split_pair"), save_as_vscode
    ),
    ("diego", "data_loading"): Sample("2026-02-23 22:40:51", None, save_as_vscode),
    ("amina", "dcgan"): Sample("2026-03-23 17:55:03", None, save_as_jupyterlab),
    ("farid", "dcgan"): Sample("2026-03-23 21:07:30", None, save_as_vscode),
    ("amina", "pix2pix"): Sample("2026-04-06 18:11:27", None, save_as_jupyterlab),
    ("elif", "pix2pix"): Sample("2026-04-06 16:20:09", None, save_as_jupyterlab),
    ("farid", "pix2pix"): Sample("2026-04-06 20:48:44", None, save_as_jupyterlab),
    ("amina", "gan_losses"): Sample("2026-04-20 17:41:19", None, save_as_jupyterlab),
    ("diego", "gan_losses"): Sample("2026-04-20 22:10:37", None, save_as_vscode),
    ("amina", "conditional_gan"): Sample("2026-05-04 18:30:02", None, save_as_jupyterlab),
    ("clara", "conditional_gan"): Sample(
        "2026-05-04 23:57:44", ("one_hot", "generator", "discriminator"), save_as_vscode
    ),
    ("farid", "conditional_gan"): Sample("2026-05-04 20:12:55", None, save_as_vscode),
    ("amina", "cyclegan"): Sample("2026-05-18 18:02:13", None, save_as_jupyterlab),
    ("elif", "cyclegan"): Sample("2026-05-18 16:49:31", None, save_as_jupyterlab),
    ("luis", "vanilla_gan"): Sample("2026-03-09 22:22:08"),
    ("mei", "vanilla_gan"): Sample("2026-03-09 17:09:41"),
}


def main() -> None:
    folder, files = EXAMPLES / "submitted", make_samples()
    if sys.argv[1:] == ["--check"]:
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        stale = sorted(path for path in {*found, *files} if found.get(path) != files.get(path))
        for path in stale:
            print(f"examples/submitted/{path}: not what make_samples.py writes; run make build", file=sys.stderr)
        raise SystemExit(1 if stale else 0)
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
