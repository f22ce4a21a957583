"""The delivered source/ and release/: fresh, without leaks, and the same as nbgrader makes them."""

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.course import Assignment, find_root, load_course
from autograder.leaks import read_folder, scan_release
from autograder.release import check

COURSE = load_course(find_root(Path(__file__).parent))


def generate_assignment(source: Path, course: Path, monkeypatch) -> Path:
    """Run nbgrader's generate_assignment on a source folder; returns the release folder it wrote."""
    # nbgrader starts `alembic` for a new gradebook, which a virtual environment that is not activated hides
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    shutil.copytree(source, course / "source" / source.name)
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = f"sqlite:///{course}/gradebook.db"
    result = NbGraderAPI(config=config).generate_assignment(source.name)
    assert result["success"], result["log"]
    return course / "release" / source.name


@pytest.fixture(params=COURSE.assignments, ids=lambda assignment: assignment.name)
def assignment(request) -> Assignment:
    return request.param


def test_source_and_release_are_what_the_texts_give(assignment):
    assert check(COURSE, [assignment.name]) == []


def test_no_folder_is_left_of_an_assignment_that_is_gone():
    assert [problem for problem in check(COURSE, []) if "no assignment of that name" in problem] == []


def test_release_leaks_nothing(assignment):
    source = nbformat.read(assignment.source / f"{assignment.name}.ipynb", as_version=4)
    files = read_folder(assignment.release)
    assert files
    assert scan_release(assignment, source, files) == []


def test_nbgrader_makes_the_same_notebook(assignment, tmp_path, monkeypatch):
    generated = generate_assignment(assignment.source, tmp_path, monkeypatch)
    name = f"{assignment.name}.ipynb"
    assert (generated / name).read_bytes() == (assignment.release / name).read_bytes()
