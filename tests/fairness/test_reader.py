"""The reader's half of the fairness corpus: whatever happened to a right notebook, what runs answers every exercise.

The other half, full marks through the sandbox, is tested with the grader.
"""

import ast
import json
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder.submission import PlannedCell, read_master, read_submission
from tests.fairness import tiny
from tests.fairness.manglers import MANGLERS
from tests.fairness.running import run, statements

ROOT = Path(__file__).parents[2]
COURSE = sorted(path.parent.name for path in ROOT.glob("source/*/*.ipynb"))
SCRIPTS = {"nbconvert_script", "jupytext_light"}  # prose is only comments there, between lines of code
UNDAMAGED = {"jupyterlab_saved", "minified", "byte_order_mark", "windows_line_ends", "outputs_of_30_mb", "colab_saved"}

everything = pytest.mark.parametrize("name", sorted(MANGLERS))


@pytest.fixture(scope="module")
def master():
    return read_master(tiny.release())


def grade_ids(notebook):
    return Counter(cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"])


@everything
def test_what_runs_gives_the_right_results(name, master):
    submission = read_submission(MANGLERS[name](tiny.right_bytes()), master)
    namespace = run(submission.cells)
    assert submission.missing == ()
    assert namespace["scale"]([1, 2], 3) == [3, 6]
    assert len(namespace["Generator"]().forward()) == 4
    assert namespace["generator_loss"]([1.0]) == 0
    assert namespace["discriminator_loss"]([1.0], [0.5]) == pytest.approx(0.6931, abs=1e-4)
    assert len(namespace["train"](namespace["Generator"](), namespace["batches"](1), epochs=2)) == 6


@everything
def test_training_never_runs_and_setup_always_does(name, master):
    cells = read_submission(MANGLERS[name](tiny.right_bytes()), master).cells
    assert not any("10**9" in cell.source for cell in cells if cell.run == "all")
    assert {"NOISE_DIM", "DATA", "math"} <= run(cells).keys()


@everything
def test_the_repaired_notebook_is_valid_and_has_every_grade_id_once(name, master):
    notebook = read_submission(MANGLERS[name](tiny.right_bytes()), master).notebook
    nbformat.validate(notebook)
    wanted = {cell.id for cell in master.cells.values() if "nbgrader" in cell.metadata}
    found = grade_ids(notebook)
    del found[None]
    assert found == dict.fromkeys(wanted, 1)
    assert not any(cell.get("outputs") or "attachments" in cell for cell in notebook["cells"])


@everything
def test_locked_cells_are_the_masters_again(name, master):
    notebook = read_submission(MANGLERS[name](tiny.right_bytes()), master).notebook
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            assert cell["source"] == master.cells[cell["id"]].source


@pytest.mark.parametrize("name", sorted(set(MANGLERS) - SCRIPTS))
def test_the_written_answer_is_found(name, master):
    assert "D moves too." in read_submission(MANGLERS[name](tiny.right_bytes()), master).answers["comparison"]


@pytest.mark.parametrize("name", sorted(UNDAMAGED))
def test_an_undamaged_notebook_needs_no_repairs(name, master):
    assert read_submission(MANGLERS[name](tiny.right_bytes()), master).repairs == ()


@everything
def test_reading_the_repaired_notebook_again_changes_nothing_that_runs(name, master):
    first = read_submission(MANGLERS[name](tiny.right_bytes()), master)
    again = read_submission(json.dumps(first.notebook).encode(), master)
    assert again.missing == ()
    assert run(again.cells)["scale"]([1], 2) == [2]


def test_the_corpus_is_large_and_says_why():
    assert len(MANGLERS) >= 30
    assert all(mangle.__doc__ for mangle in MANGLERS.values())


@pytest.mark.parametrize("assignment", COURSE)
@everything
def test_what_runs_defines_every_entry_point_of_the_course(name, assignment):
    release = json.loads((ROOT / "release" / assignment / f"{assignment}.ipynb").read_bytes())
    master = read_master(release)
    data = (ROOT / "source" / assignment / f"{assignment}.ipynb").read_bytes()
    submission = read_submission(MANGLERS[name](data), master)
    assert submission.missing == ()
    wanted = {entry for names in master.exercises.values() for entry in names}
    bound = last_bindings(submission.cells)
    assert wanted <= bound.keys()
    assert not [entry for entry in wanted if "NotImplementedError" in ast.dump(bound[entry])]
    nbformat.validate(submission.notebook)


def last_bindings(cells: tuple[PlannedCell, ...]) -> dict[str, ast.stmt]:
    """The statement that binds each top-level name last."""
    bound: dict[str, ast.stmt] = {}
    for node in (node for cell in cells for node in statements(cell)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound[node.name] = node
        for target in getattr(node, "targets", []):
            bound.update({name.id: node for name in ast.walk(target) if isinstance(name, ast.Name)})
    return bound
