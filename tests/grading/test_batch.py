"""A class: every submission gets a record, and no accident loses or repeats one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder.batch import Class, Settings, grade_class, result_path
from autograder.course import Course
from autograder.errors import GraderError
from autograder.intake import find_submissions
from autograder.results import decode_grade

TIMES = ("seconds",)


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


def without_times(record: Path) -> object:
    """A record, but for how long things took."""

    def strip(value):
        if isinstance(value, dict):
            return {key: strip(item) for key, item in value.items() if key not in TIMES}
        return [strip(item) for item in value] if isinstance(value, list) else value

    return strip(json.loads(record.read_bytes()))


def records(out: Path) -> dict[str, object]:
    return {path.parent.name: without_times(path) for path in sorted(out.glob("results/*/small.json"))}


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
    assert len(records(tmp_path / "out")) == 5
    assert len(list((tmp_path / "out" / "feedback").glob("*/small.html"))) == 5
    assert (tmp_path / "out" / "class.csv").read_text().count("\n") == 6


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


def test_one_and_three_workers_find_the_same(run, hand_in, tmp_path):
    submitted = hand_in("ada")
    hand_in("ben", double="def double(x):\n    return x * x")
    hand_in("eve", double="import os\ndef double(x):\n    os._exit(3)")
    run(submitted, workers=1, fresh=True)
    alone = records(tmp_path / "out")
    run(submitted, workers=3, fresh=True)
    assert records(tmp_path / "out") == alone


def test_two_graders_do_not_write_to_one_folder(run, hand_in, tmp_path):
    import fcntl

    submitted = hand_in("ada")
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(GraderError, match="another grader is writing there"):
            run(submitted)


def test_killed_grading_process_costs_nobody_a_point(run, hand_in, monkeypatch, tmp_path):
    """A grading process that dies once over a submission; the next one takes it."""
    import autograder.pool as pool

    marker = tmp_path / "died"
    real = pool.grade_job

    def die_once(suite, sandbox, master, job):
        if job.student == "ben" and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(suite, sandbox, master, job)

    monkeypatch.setattr(pool, "grade_job", die_once)
    submitted = hand_in("ada")
    hand_in("ben")
    hand_in("cat")
    assert {grade.student: grade.score for grade in run(submitted).grades} == {"ada": 5.0, "ben": 5.0, "cat": 5.0}


def test_submission_that_kills_its_grading_process_every_time_becomes_our_fault(run, hand_in, monkeypatch):
    import autograder.pool as pool

    real = pool.grade_job

    def die(suite, sandbox, master, job):
        if job.student == "ben":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(suite, sandbox, master, job)

    monkeypatch.setattr(pool, "grade_job", die)
    submitted = hand_in("ada")
    hand_in("ben")
    outcome = run(submitted)
    assert {grade.student: (grade.status, grade.score) for grade in outcome.grades} == {
        "ada": ("graded", 5.0),
        "ben": ("internal_error", None),
    }
    assert [grade.student for grade in outcome.internal_errors] == ["ben"]


def test_grader_killed_in_the_middle_leaves_no_process_and_the_same_command_finishes(course, hand_in, tmp_path):
    submitted = hand_in("s00")
    for number in range(1, 12):
        hand_in(f"s{number:02}", double=f"def double(x):\n    return x * {number % 3 + 1}")
    command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--root", str(course.root), "--out"]
    subprocess.run([*command, str(tmp_path / "undisturbed")], check=True, capture_output=True)
    marked = {**os.environ, "AUTOGRADER_TEST_MARK": str(tmp_path)}
    grader = subprocess.Popen(
        [*command, str(tmp_path / "out")], env=marked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for(lambda: len(records(tmp_path / "out")) >= 2)
    family = [grader.pid, *(child.pid for child in psutil.Process(grader.pid).children(recursive=True))]
    grader.kill()
    grader.wait()
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in family))
    assert len(records(tmp_path / "out")) < 12
    subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True)
    assert records(tmp_path / "out") == records(tmp_path / "undisturbed")


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until a condition holds; fail if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)
