"""The commands report, diff and export: what a user types, and one line with what to do where it cannot work."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from autograder.results import ExerciseResult, Grade, TestResult
from tests.synthetic_class import write_records

COMMANDS = ("report", "diff", "export")
ROSTER = "Student,ID,SIS User ID,SIS Login ID,Section,Tiny (7)\n    Points Possible,,,,,3\n"


@pytest.fixture
def autograder(tiny) -> Callable[..., subprocess.CompletedProcess[str]]:
    """autograder("report", …): run the command inside the tiny course."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            cwd=tiny.root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
        )

    return run


def graded(student, score=3.0, message=""):
    test = TestResult(
        name="Brightens",
        status="passed" if score == 3 else "failed",
        points=score,
        max_points=3,
        message=message,
        hint="Did you clamp?" if message else "",
    )
    word = "passed" if score == 3 else "partial" if score else "failed"
    scale = ExerciseResult(id="scale", title="Scale", score=score, max_score=3, status=word, tests=(test,))
    return Grade(student=student, assignment="tiny", status="graded", score=score, max_score=3, exercises=(scale,))


@pytest.fixture
def graded_class(tmp_path):
    """graded_class("old", ada=3, bob=0): an output folder with these scores."""

    def write(name, **scores):
        message = {student: "" if score == 3 else "off by 2" for student, score in scores.items()}
        return write_records(tmp_path / name, [graded(s, float(score), message[s]) for s, score in scores.items()])

    return write


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
    assert command in autograder("--help").stdout


def test_report_writes_one_page_into_the_folder(autograder, graded_class):
    folder = graded_class("out", ada=3, bob=1)
    result = autograder("report", folder, "--due", "tiny=2026-03-09")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.strip() == f"wrote {folder / 'report.html'}"
    assert "Did you clamp?" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [("report", "nowhere"), ("export", "nowhere", "--format", "csv", "--out", "x.csv")])
def test_folder_without_results_is_refused(autograder, command):
    assert_refused(autograder(*command), "nowhere", "found no record", "--out")


def test_override_of_an_exercise_that_does_not_exist_is_refused(autograder, graded_class):
    folder = graded_class("out", ada=3)
    (folder / "overrides.toml").write_text(
        '[[override]]\nstudent = "ada"\nassignment = "tiny"\nexercise = "scal"\nscore = 1\nreason = "x"\n'
    )
    assert_refused(autograder("report", folder), "overrides.toml", "did you mean 'scale'")


def test_diff_says_who_where_and_why_and_writes_it_for_scripts(autograder, graded_class, tmp_path):
    old, new = graded_class("old", ada=3, bob=1, eve=3), graded_class("new", ada=1, bob=3, eve=3)
    result = autograder("diff", old, new, "--csv", tmp_path / "d.csv", "--json", tmp_path / "d.json")
    assert (result.returncode, result.stderr) == (0, "")
    for words in ("ada", "3 → 1", "scale 3 → 1: Brightens: passed 3/3 → failed 1/3", "off by 2", "bob", "1 → 3"):
        assert words in result.stdout
    assert "1 lower, 1 higher, 1 unchanged" in result.stdout
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["student"] for row in csv.DictReader(file)] == ["ada", "bob"]
    assert len(json.loads((tmp_path / "d.json").read_text())["changes"]) == 2


def test_fail_if_lower_fails_for_a_loss_only(autograder, graded_class):
    lower, higher = graded_class("lower", ada=1), graded_class("higher", ada=3)
    assert autograder("diff", higher, lower, "--fail-if-lower").returncode == 1
    assert autograder("diff", lower, higher, "--fail-if-lower").returncode == 0
    assert autograder("diff", lower, lower, "--fail-if-lower").stdout.strip() == "1 unchanged"


def test_fail_if_lower_fails_where_a_score_is_gone_or_cannot_be_read(autograder, graded_class):
    old, new = graded_class("old", ada=3, bob=3), graded_class("new", ada=3)
    assert autograder("diff", old, new, "--fail-if-lower").returncode == 1
    (graded_class("new", bob=3) / "results/bob/tiny.json").write_text("{")
    result = autograder("diff", old, new, "--fail-if-lower")
    assert result.returncode == 1
    assert "cannot be compared" in result.stdout


def test_diff_names_overrides_that_no_submission_took(autograder, graded_class):
    old, new = graded_class("old", ada=3), graded_class("new", ada=3)
    (new / "overrides.toml").write_text(
        '[[override]]\nstudent = "adda"\nassignment = "tiny"\nexercise = "scale"\nscore = 1\nreason = "x"\n'
    )
    assert "adda, scale: no such student" in autograder("diff", old, new).stderr


def test_results_of_another_schema_are_refused(autograder, graded_class):
    old, new = graded_class("old", ada=3), graded_class("new", ada=3)
    (new / "results/ada/tiny.json").write_text('{"schema": 2}')
    assert_refused(autograder("diff", old, new), "expected schema 1, got 2")


def test_classes_with_nothing_in_common_are_refused(autograder, graded_class):
    assert_refused(autograder("diff", graded_class("old", ada=3), graded_class("new", bob=3)), "in both")


def test_export_maps_ids_and_its_exit_code_says_that_somebody_lacks_a_score(autograder, graded_class, tmp_path):
    folder = graded_class("out", ada=3, bob=1)
    (tmp_path / "roster.csv").write_text(f"{ROSTER}Ada,1,,ada,A,\nBob,2,,bob,A,\n")
    command = ("export", folder, "--format", "canvas", "--roster", "roster.csv", "--out", "import.csv")
    result = autograder(*command)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.strip() == "wrote import.csv, students found by SIS Login ID"
    assert (tmp_path / "import.csv").read_text().splitlines()[2:] == ["Ada,1,,ada,A,3", "Bob,2,,bob,A,1"]
    (tmp_path / "roster.csv").write_text(f"{ROSTER}Ada,1,,ada,A,\nEve,3,,eve,A,\n")
    result = autograder(*command)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "Eve, tiny: in the roster, but no result",
        "bob, tiny: not in the roster (score 1)",
        "2 problems, also in import.problems.csv",
    ]
    assert "bob" in (tmp_path / "import.problems.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "canvass", "--out", "x.csv"), "did you mean 'canvas'"),
        (("--format", "canvas", "--out", "x.csv"), "--roster"),
        (("--format", "moodle", "--out", "x.csv", "--roster", "nowhere.csv"), "nowhere.csv"),
        (("--format", "csv", "--out", "x.csv", "--assignment", "tinny"), "did you mean 'tiny'"),
        (("--format", "csv", "--out", "assignments"), "assignments"),
    ],
)
def test_what_cannot_be_exported_is_refused(autograder, graded_class, options, words):
    assert_refused(autograder("export", graded_class("out", ada=3), *options), words)
