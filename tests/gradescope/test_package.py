"""The zip: what is in it, what must not be, and that it says what is missing instead of being written."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, find_root, load_course
from autograder.errors import AuthorError, GraderError
from autograder.gradescope import package
from autograder.gradescope.layout import Settings

ROOT = find_root(Path(__file__).parent)
NAME = "vanilla_gan"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The course without a salt; what a test changes is a copy."""
    monkeypatch.setenv("AUTOGRADER_SALT", "")
    root = tmp_path / "course"
    for name in ("release", "assignments", "autograder/suites"):
        shutil.copytree(ROOT / name / NAME, root / name / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "autograder/suites/__init__.py", root / "autograder/suites")
    (root / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/constraints.txt", root / ".ci")
    return load_course(root)


@pytest.fixture
def files(course: Course) -> dict[str, bytes]:
    return package.collect_files(course, course.assignment(NAME), 10.0)


def test_scripts_lie_at_the_root_and_may_be_executed(course, tmp_path):
    package.write_package(course, course.assignment(NAME), tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        modes = {member.filename: member.external_attr >> 16 & 0o777 for member in archive.infolist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert modes["course/release/vanilla_gan/vanilla_gan.ipynb"] == 0o644


def test_same_course_gives_the_same_bytes(course, tmp_path):
    for name in ("a.zip", "b.zip"):
        package.write_package(course, course.assignment(NAME), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_holds_one_assignment_with_its_suite_and_no_solutions(course, files):
    suite = {path.name for path in course.assignment(NAME).suite.glob("*.py")}
    inside = {name.rpartition("/")[2] for name in files if name.startswith(f"course/autograder/suites/{NAME}/")}
    assert inside == suite
    assert {"reference.py", "test_generator.py"} <= inside
    assert not [name for name in files if re.search(r"/(mutants|variants|source|__pycache__)/|\.pyc$", name)]
    released = course.assignment(NAME).release
    assert {n.removeprefix(f"course/release/{NAME}/") for n in files if n.startswith("course/release/")} == {
        path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file()
    }
    assert msgspec.json.decode(files["course/settings.json"], type=Settings).minutes == 10.0


def test_packages_are_pinned_as_the_course_is_tested(files):
    lines = (files["requirements.txt"] + files["requirements-torch.txt"]).decode().splitlines()
    tested = (ROOT / ".ci/constraints.txt").read_text().splitlines()
    assert set(lines) <= set(tested)
    names = {re.split("==", line)[0].lower() for line in lines}
    assert names == {*package.PACKAGES, *package.TORCH_PACKAGES}
    assert files["constraints.txt"].decode().splitlines() == tested


def test_salt_of_the_course_goes_along_so_that_grades_are_the_same(course, files, monkeypatch):
    assert "course/.autograder-salt" not in files
    monkeypatch.setenv("AUTOGRADER_SALT", "of this class")
    with_salt = package.collect_files(course, course.assignment(NAME), 10.0)
    assert with_salt["course/.autograder-salt"] == b"of this class"


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_scripts_are_valid_bash(files, name):
    subprocess.run(["bash", "-n"], input=files[name], check=True)


def test_release_that_was_not_built_is_named(course, tmp_path):
    shutil.rmtree(course.assignment(NAME).release)
    with pytest.raises(AuthorError, match=f"expected the released notebook.*autograder build {NAME}"):
        package.write_package(course, course.assignment(NAME), tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_missing_suite_is_named(course, tmp_path):
    shutil.rmtree(course.assignment(NAME).suite)
    with pytest.raises(AuthorError, match="expected hidden tests, found none"):
        package.write_package(course, course.assignment(NAME), tmp_path / "x.zip")


def test_package_without_a_tested_version_is_named(course, tmp_path):
    constraints = course.root / ".ci/constraints.txt"
    constraints.write_text(constraints.read_text().replace("msgspec==", "msgspec>="))
    with pytest.raises(AuthorError, match=r"constraints.txt: expected a version \(==\) of msgspec"):
        package.write_package(course, course.assignment(NAME), tmp_path / "x.zip")


def test_time_out_that_leaves_no_time_is_refused(course, tmp_path):
    with pytest.raises(GraderError, match=r"--minutes: expected .*2 at least, got 1"):
        package.write_package(course, course.assignment(NAME), tmp_path / "x.zip", minutes=1.0)


def test_command_says_what_to_set_on_gradescope(course, tmp_path):
    description = course.root / "assignments" / NAME / "assignment.toml"
    description.write_text(description.read_text().replace('id = "train"', 'id = "train"\nvisibility = "hidden"'))
    (course.root / "pyproject.toml").write_text("[tool.autograder]\n")
    command = ["gradescope", NAME, "--out", str(tmp_path / "x.zip"), "--root", str(course.root)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "96 autograder points, time-out of 10 minutes" in done.output
    assert "no total while one of these is hidden from them: train" in done.output
    assert zipfile.is_zipfile(tmp_path / "x.zip")
