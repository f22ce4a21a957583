"""What is handed to the other tools, and how it is seen that they did their work."""

import ast
import json
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.errors import GraderError
from benchmarks.costs import ToolMissing
from benchmarks.nbgrader_tool import expect_executed
from benchmarks.otter_tool import expect_graded, install_otter, without_checks, write_assignment
from benchmarks.samples import KINDS, PARTLY_RIGHT, write_samples

COURSE = load_course(Path(__file__).parents[2])
VANILLA = COURSE.assignment("vanilla_gan")


def notebook(path):
    return json.loads(path.read_bytes())["cells"]


@pytest.mark.parametrize("name", PARTLY_RIGHT)
def test_samples_are_three_kinds_without_outputs(tmp_path, name):
    samples = write_samples(COURSE.assignment(name), tmp_path)
    assert tuple(sample.kind for sample in samples) == KINDS
    texts = [[cell["source"] for cell in notebook(sample.path)] for sample in samples]
    assert texts[0] != texts[1] != texts[2]
    for sample in samples:
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook(sample.path))


def test_otter_gets_the_visible_checks_as_test_files(tmp_path):
    write_assignment(VANILLA, tmp_path)
    files = sorted((tmp_path / "tests").iterdir())
    assert [path.stem for path in files] == sorted(exercise.id for exercise in VANILLA.graded)
    texts = {path.stem: ast.parse(path.read_text()) for path in files}
    (source,) = [
        ast.literal_eval(line.value)
        for line in texts["generator"].body
        if isinstance(line, ast.Assign) and line.targets[0].id == "SOURCE"
    ]
    assert source.startswith("@course.run_check\ndef check_generator(check):")
    assert (tmp_path / "course.py").exists()
    sample = write_samples(VANILLA, tmp_path / "samples")[0]
    kept = json.loads(without_checks(sample.path))["cells"]
    assert len(kept) == len(notebook(sample.path)) - len(files)


def test_otter_is_passed_over_with_the_reason_where_it_cannot_be_installed(tmp_path, monkeypatch):
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("otter-grader==0.0.1\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ToolMissing, match=r"otter-grader .* could not be installed into .*: ERROR"):
        install_otter(tmp_path / "otter", constraints)
    assert not (tmp_path / "otter").exists()


def test_otter_must_have_judged_a_right_notebook_right(tmp_path):
    results = tmp_path / "results.json"
    test = {"name": "generator", "score": 10, "max_score": 10}
    results.write_text(json.dumps({"tests": [{"name": "Public Tests"}, test]}))
    expect_graded(results, VANILLA, right=True)
    results.write_text(json.dumps({"tests": [test | {"score": 0}]}))
    expect_graded(results, VANILLA, right=False)
    with pytest.raises(GraderError, match=r"it took \['generator'\]"):
        expect_graded(results, VANILLA, right=True)
    results.write_text(json.dumps({"tests": []}))
    with pytest.raises(GraderError, match="expected otter"):
        expect_graded(results, VANILLA, right=False)


def test_nbgrader_must_have_run_every_cell(tmp_path):
    path = tmp_path / "graded.ipynb"
    cell = {"cell_type": "code", "source": "1", "execution_count": 3}
    prose = {"cell_type": "markdown", "source": "One."}
    path.write_text(json.dumps({"cells": [prose, cell, cell | {"source": " ", "execution_count": None}]}))
    expect_executed(path)
    path.write_text(json.dumps({"cells": [prose, cell, cell | {"execution_count": None}]}))
    with pytest.raises(GraderError, match="expected all of 2 code cells executed, 1 are not"):
        expect_executed(path)
