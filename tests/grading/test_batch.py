"""A class: every submission gets a record; what accidents do to it is in tests/faults."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.batch import Class, Settings, grade_class
from autograder.course import Course
from autograder.intake import find_submissions
from autograder.results import decode_grade, result_path


@pytest.fixture
def run(course: Course, tmp_path: Path) -> Callable[..., Class]:
    """run(submitted, …): grade what lies there into tmp_path/out."""

    def grade(submitted: Path, **settings: object) -> Class:
        jobs = find_submissions([submitted], course, None, None)
        return grade_class(course, jobs, Settings(tmp_path / "out", **settings))

    return grade


@pytest.fixture(autouse=True)
def forget_suites():
    """Let pytest import a suite of the same name anew."""
    for name in [name for name in sys.modules if name.startswith("autograder.suites.small")]:
        del sys.modules[name]


def test_every_folder_gets_a_record_whatever_is_in_it(run, hand_in, tmp_path):
    submitted = hand_in("ada")
    hand_in("eve", double="def double(x):\n    while True:\n        pass")
    hand_in("kim", halve="import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
    (submitted / "lee" / "small").mkdir(parents=True)
    (submitted / "max" / "small").mkdir(parents=True)
    (submitted / "max" / "small" / "small.ipynb").write_bytes(b"\x89PNG\r\n")
    found = {grade.student: (grade.status, grade.score) for grade in run(submitted).grades}
    assert found == {
        "ada": ("graded", 5.0),
        "eve": ("graded", 2.0),
        "kim": ("graded", 3.0),
        "lee": ("missing", 0.0),
        "max": ("unreadable", 0.0),
    }
    assert len(list((tmp_path / "out" / "results").glob("*/small.json"))) == 5
    assert len(list((tmp_path / "out" / "feedback").glob("*/small.html"))) == 5
    assert (tmp_path / "out" / "class.csv").read_text().count("\n") == 6


def test_an_answer_in_the_wrong_place_is_noted_in_the_record_and_waits_for_a_person(run, hand_in, tmp_path):
    submitted = hand_in("ada")
    path = submitted / "ada" / "small" / "small.ipynb"
    notebook = json.loads(path.read_bytes())
    words = "Because it is so, as everybody who reads this can see."
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": words})
    path.write_text(json.dumps(notebook))
    run(submitted)
    record = result_path(tmp_path / "out", "ada", "small")
    grade = decode_grade(record.read_bytes(), record)
    assert (grade.score, grade.needs_manual) == (5.0, ("reason",))
    assert grade.repairs[-1] == "question reason: nothing stands below it, a person will look at cell_1"


def test_second_run_grades_nothing_again_unless_told_to(run, hand_in, tmp_path):
    submitted = hand_in("ada")
    run(submitted)
    path = result_path(tmp_path / "out", "ada", "small")
    first = path.stat().st_mtime_ns
    assert [grade.score for grade in run(submitted).grades] == [5.0]
    assert path.stat().st_mtime_ns == first
    run(submitted, fresh=True)
    assert path.stat().st_mtime_ns > first


def test_changed_notebook_is_graded_again(run, hand_in):
    submitted = hand_in("ada")
    run(submitted)
    hand_in("ada", double="def double(x):\n    return x")
    assert [grade.score for grade in run(submitted).grades] == [2.0]


def test_override_survives_a_regrade(run, hand_in, tmp_path):
    submitted = hand_in("ada", double="def double(x):\n    return x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "overrides.toml").write_text(
        '[[override]]\nstudent = "ada"\nassignment = "small"\nexercise = "double"\n'
        'score = 1.5\nreason = "explained it"\n'
    )
    for fresh in (False, False, True):
        assert [grade.score for grade in run(submitted, fresh=fresh).grades] == [3.5]
    assert "explained it" in (tmp_path / "out/feedback/ada/small.html").read_text()
    record = result_path(tmp_path / "out", "ada", "small")
    assert decode_grade(record.read_bytes(), record).score == 2.0  # the record keeps what the suite found
