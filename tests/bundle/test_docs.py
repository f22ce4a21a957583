"""The pages for instructors and contributors, word for word: every command in a block of shell is run, in its order."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```")
OTHERS = {path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml")} - {"vanilla_gan"}
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Vanilla GAN (4711)
    Points Possible,,,,,96.00
"Lovelace, Ada",101,S-1,ada,GAN 1,
"Hopper, Grace",102,S-2,grace,GAN 1,
"""
MOODLE = "Username,First name,Last name\nada,Ada,Lovelace\ngrace,Grace,Hopper\n"
# One process for all commands of a page: importing PyTorch takes longer than most of them.
SESSION = """
import json, shlex, sys
from autograder.cli import app

for line in json.load(sys.stdin):
    program, *arguments = shlex.split(line)
    print("$", line, flush=True)
    if program != "autograder" or app(arguments, standalone_mode=False):
        raise SystemExit(f"failed: {line}")
"""


@pytest.fixture
def course(tmp_path):
    """A copy of the project with one assignment, and a class that has handed in."""
    ignored = shutil.ignore_patterns("__pycache__", *OTHERS)
    for name in ("autograder", "assignments", "source", "release"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    shutil.copytree(ROOT / "tests" / "suites", tmp_path / "tests" / "suites", ignore=shutil.ignore_patterns("test_*"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    for student, stage in (("ada", "source"), ("grace", "release")):
        folder = tmp_path / "submitted" / student / "vanilla_gan"
        folder.mkdir(parents=True)
        shutil.copy(tmp_path / stage / "vanilla_gan" / "vanilla_gan.ipynb", folder)
    shutil.copy(tmp_path / "source" / "vanilla_gan" / "vanilla_gan.ipynb", tmp_path / "ada.ipynb")
    shutil.make_archive(str(tmp_path / "canvas"), "zip", tmp_path / "submitted")
    (tmp_path / "canvas.csv").write_text(CANVAS)
    (tmp_path / "moodle.csv").write_text(MOODLE)
    return tmp_path


def commands_of(page):
    return [line for block in BLOCK.findall((ROOT / "docs" / page).read_text()) for line in block.splitlines()]


def follow(course, page):
    """Run a page's commands in the course; what they printed."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(course)},
        input=json.dumps(commands_of(page)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_the_page_for_instructors_leads_from_submissions_to_files_for_every_platform(course):
    follow(course, "instructors.md")
    written = ("grades/report.html", "regraded/class.csv", "changes.csv", "canvas_import.csv", "moodle_import.csv")
    assert [
        name
        for name in (*written, "nbgrader.csv", "scores.csv", "vanilla_gan.zip")
        if not (course / name).stat().st_size
    ] == []
    assert ",96" in (course / "canvas_import.csv").read_text()


def test_the_page_for_contributors_leads_to_an_assignment_that_passes_its_audit(course):
    printed = follow(course, "contributors.md")
    assert printed.count("none is flaky") == 2
    assert "problem" not in printed
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/suites/test_morphing_reference.py"],
        cwd=course,
        env={**os.environ, "PYTHONPATH": str(course)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 passed" in tested.stdout, tested.stdout + tested.stderr


def test_the_page_for_students_starts_what_a_release_has():
    for line in commands_of("students.md"):
        for name in re.findall(r"\w+\.(?:ipynb|txt)", line):
            assert (ROOT / "release" / "vanilla_gan" / name).is_file(), line
