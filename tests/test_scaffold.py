"""`autograder new`; that what it writes passes its own audit is seen in tests/bundle/test_docs.py."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.errors import AuthorError
from autograder.scaffold import scaffold

ROOT = Path(__file__).parents[1]
RUFF = Path(sys.executable).with_name("ruff")
OTHERS = {path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml")} - {"vanilla_gan"}


@pytest.fixture
def course(tmp_path):
    """A copy of the project with one assignment."""
    ignored = shutil.ignore_patterns("__pycache__", *OTHERS)
    for name in ("autograder", "assignments"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copytree(ROOT / "tests" / "suites", tmp_path / "tests" / "suites", ignore=shutil.ignore_patterns("test_*"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_new_assignment_comes_last(course):
    scaffold(load_course(course), "morphing")
    assert [assignment.name for assignment in load_course(course).assignments] == ["vanilla_gan", "morphing"]


def test_what_is_written_passes_the_linter(course):
    written = scaffold(load_course(course), "morphing")
    sources = [path for path in written if path.suffix == ".py" and "mutants" not in str(path)]
    linted = subprocess.run([RUFF, "check", *sources], cwd=course, capture_output=True, text=True, check=False)
    assert linted.stdout == "All checks passed!\n"


@pytest.mark.parametrize("name", ["Morphing", "2d", "a-b", "", "../up", "a b"])
def test_a_name_that_is_no_module_is_refused(course, name):
    with pytest.raises(AuthorError, match="expected lower-case letters"):
        scaffold(load_course(course), name)


def test_an_assignment_that_exists_is_left_as_it_is(course):
    before = (course / "assignments" / "vanilla_gan" / "vanilla_gan.py").read_bytes()
    with pytest.raises(AuthorError, match="exists already"):
        scaffold(load_course(course), "vanilla_gan")
    assert (course / "assignments" / "vanilla_gan" / "vanilla_gan.py").read_bytes() == before
