"""The submissions that every tool grades: of an assignment a right one, one that is partly right, an untouched one."""

import json
from pathlib import Path
from typing import Any

from autograder.course import Assignment
from autograder.errors import GraderError
from benchmarks.costs import Sample

KINDS = ("right", "partly right", "untouched")
RIGHT = "amina"
PARTLY_RIGHT = {
    "data_loading": "diego",
    "vanilla_gan": "diego",
    "dcgan": "farid",
    "pix2pix": "elif",
    "gan_losses": "diego",
    "conditional_gan": "farid",
    "cyclegan": "elif",
}


def write_samples(assignment: Assignment, folder: Path) -> list[Sample]:
    """Write the three notebooks, without outputs: which tool ran a cell must show in what it left there."""
    partly = PARTLY_RIGHT.get(assignment.name)
    if partly is None:
        known = ", ".join(PARTLY_RIGHT)
        raise GraderError(f"{assignment.name}: expected an assignment with a sample that is partly right: {known}")
    handed_in = assignment.root / "examples" / "submitted"
    name = f"{assignment.name}.ipynb"
    sources = (
        handed_in / RIGHT / assignment.name / name,
        handed_in / partly / assignment.name / name,
        assignment.release / name,
    )
    return [
        write_sample(kind, json.loads(source.read_bytes()), folder / kind.replace(" ", "_") / name)
        for kind, source in zip(KINDS, sources, strict=True)
    ]


def write_sample(kind: str, notebook: dict[str, Any], path: Path) -> Sample:
    """Write one notebook without outputs."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return Sample(kind, path)
