"""The plug-in: which tests make a suite, and whose fault an exception is."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Assignment, load_course
from autograder.errors import AuthorError
from autograder.plugin import hash_suite, judge, open_suite
from autograder.sandbox.answer import StudentRaised, WrongAnswer
from autograder.sandbox.launch import SandboxLost, WorkerDied, WorkerMemory, WorkerTimeout


@pytest.fixture(autouse=True)
def forget_suites():
    """Let pytest import a suite of the same name anew."""
    for name in [name for name in sys.modules if name.startswith("autograder.suites.small")]:
        del sys.modules[name]


@pytest.fixture
def change_suite(course, tmp_path: Path) -> Callable[[str, str], Assignment]:
    """change_suite(old, new): the small assignment with this change in its suite's test of `double`."""

    def change(old: str, new: str) -> Assignment:
        shutil.copytree(course.root, tmp_path / "copy")
        path = tmp_path / "copy/autograder/suites/small/test_double.py"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        return load_course(tmp_path / "copy").assignment("small")

    return change


def test_points_that_do_not_sum_to_the_exercise_are_refused(change_suite):
    with pytest.raises(AuthorError, match=r"test_double.py: expected tests worth 3 points, got 4"):
        open_suite(change_suite("points(1)", "points(2)"), "", lambda suite: None)


def test_test_without_points_is_refused(change_suite):
    with pytest.raises(AuthorError, match=r"expected @pytest\.mark\.points"):
        open_suite(change_suite("@pytest.mark.points(1)\n", ""), "", lambda suite: None)


def test_suite_that_does_not_import_is_refused(change_suite):
    with pytest.raises(AuthorError, match="does not import"):
        open_suite(change_suite("import torch", "import no_such_module"), "", lambda suite: None)


def test_test_of_no_exercise_is_refused(change_suite):
    assignment = change_suite("import torch", "import torch")
    (assignment.suite / "test_triple.py").write_text((assignment.suite / "test_halve.py").read_text())
    with pytest.raises(AuthorError, match="has no graded exercise 'triple'"):
        open_suite(assignment, "", lambda suite: None)


def test_error_in_the_body_reaches_the_caller(small):
    def body(suite):
        raise AuthorError("said in the body")

    with pytest.raises(AuthorError, match="said in the body"):
        open_suite(small, "", body)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, "passed"),
        (WrongAnswer("no"), "failed"),
        (StudentRaised("f", ("ValueError",), "no", ""), "error"),
        (StudentRaised("f", ("MemoryError",), "no", ""), "memory"),
        (WorkerTimeout(), "timeout"),
        (WorkerMemory(), "memory"),
        (WorkerDied(), "error"),
        (AssertionError("ours"), "internal"),
        (RuntimeError("ours"), "internal"),
    ],
)
def test_exception_says_whose_fault_it_is(error, status):
    assert judge(error)[0] == status


def test_lost_sandbox_is_nobodys_answer():
    with pytest.raises(SandboxLost):
        judge(SandboxLost("gone"))


def test_hash_changes_with_a_test_and_not_with_a_mutant(change_suite):
    assignment = change_suite("import torch", "import torch")
    before = hash_suite(assignment.suite)
    (assignment.suite / "mutants/double").mkdir(parents=True)
    (assignment.suite / "mutants/double/wrong.py").write_text("")
    assert hash_suite(assignment.suite) == before
    (assignment.suite / "test_double.py").write_text("")
    assert hash_suite(assignment.suite) != before
