"""The command line: what a user types, and one line with what to do where it cannot work."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMANDS = ("build", "check", "grade", "demo", "audit", "report", "diff", "export", "doctor")


@pytest.fixture
def autograder(course, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """autograder("grade", …): run the command inside the small course."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            cwd=course.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )

    return run


def assert_refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one line on stderr, no traceback, and these words in it."""
    assert result.returncode == 2, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_each_command(autograder, command):
    result = autograder(command, "--help")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) > 5


def test_help_names_every_command(autograder):
    shown = autograder("--help").stdout
    assert all(command in shown for command in COMMANDS)


def test_grade_shows_the_class_and_writes_what_it_says(autograder, hand_in, tmp_path):
    result = autograder("grade", hand_in("ada"), "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "ada" in result.stdout
    assert "5 / 5" in result.stdout
    assert (tmp_path / "out/feedback/ada/small.html").is_file()
    assert (tmp_path / "out/class.csv").is_file()


def test_one_notebook_is_graded_by_the_names_given(autograder, hand_in, tmp_path):
    notebook = hand_in("ada") / "ada" / "small" / "small.ipynb"
    result = autograder("grade", notebook, "--assignment", "small", "--student", "zoe", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out/results/zoe/small.json").is_file()


def test_nbgrader_course_gets_its_gradebook_and_autograded_notebooks(autograder, hand_in, tmp_path):
    submitted = hand_in("ada")
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "small"\n')
    result = autograder("grade", submitted, "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "autograded/ada/small/small.ipynb").is_file()
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        assert book.execute("select sum(auto_score) from grade").fetchone() == (5.0,)


def test_unknown_assignment_is_named_with_the_nearest(autograder, hand_in, tmp_path):
    notebook = hand_in("ada") / "ada" / "small" / "small.ipynb"
    result = autograder("grade", notebook, "--assignment", "smal", "--out", tmp_path / "out")
    assert_refused(result, "smal", "did you mean 'small'")


def test_path_that_is_not_there_is_named(autograder, tmp_path):
    assert_refused(autograder("grade", tmp_path / "nowhere", "--out", tmp_path / "out"), "nowhere")
    assert not (tmp_path / "out").exists()


def test_output_folder_that_cannot_be_written_is_named(autograder, hand_in, tmp_path):
    (tmp_path / "out").write_text("a file")
    assert_refused(autograder("grade", hand_in("ada"), "--out", tmp_path / "out"), "out", "--out")


def test_foreign_gradebook_is_refused_before_anything_is_graded(autograder, hand_in, tmp_path):
    (tmp_path / "book.db").write_bytes(b"this is no database, but it is long enough to look at" * 50)
    result = autograder(
        "grade", hand_in("ada"), "--out", tmp_path / "out", "--gradebook", f"sqlite:///{tmp_path}/book.db"
    )
    assert_refused(result, "book.db")
    assert not (tmp_path / "out/results").exists()


def test_unknown_level_is_refused(autograder, hand_in, tmp_path):
    result = autograder("grade", hand_in("ada"), "--out", tmp_path / "out", "--isolation", "nestd")
    assert_refused(result, "nested", "nestd")


def test_machine_without_bubblewrap_is_told_what_to_install(autograder, hand_in, tmp_path):
    (tmp_path / "bin").mkdir()
    result = autograder("grade", hand_in("ada"), "--out", tmp_path / "out", PATH=str(tmp_path / "bin"))
    assert_refused(result, "bubblewrap", "apt install bubblewrap", "--isolation landlock")
    assert not list((tmp_path / "out").glob("results/*/*"))


def test_folder_outside_a_course_is_refused(autograder, tmp_path):
    assert_refused(autograder("check", "--root", tmp_path), "[tool.autograder]")


def test_unknown_key_in_an_assignment_toml_is_named_with_the_nearest(autograder, course):
    path = course.root / "assignments/small/assignment.toml"
    text = path.read_text()
    try:
        path.write_text(text.replace("points = 2", "point = 2"))
        assert_refused(autograder("check"), "assignment.toml", "point", "did you mean 'points'")
    finally:
        path.write_text(text)


def test_check_is_clean_after_a_build_and_says_what_is_stale(autograder, course):
    assert autograder("build").returncode == 0
    assert autograder("check").returncode == 0
    path = course.root / "release/small/course.py"
    text = path.read_bytes()
    try:
        path.write_bytes(text + b"# edited by hand\n")
        result = autograder("check")
        assert result.returncode == 1
        assert "release/small/course.py" in result.stderr
    finally:
        path.write_bytes(text)


def test_doctor_tells_every_level(autograder):
    shown = autograder("doctor").stdout
    assert all(level in shown for level in ("nested", "bubblewrap", "landlock"))
