"""The process that writes results.json outlives the one that grades, and the time limit.

Stood in for here: the grading process, by a script that says what such a process says, then does what is tested.
"""

import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Assignment, Exercise, Limits
from autograder.gradescope import run
from autograder.intake import Job

EXERCISES = tuple(Exercise(name, name.title(), 3.0, (name,), False, 5.0) for name in ("double", "halve"))
ASSIGNMENT = Assignment(Path("/course"), "small", "Small", 1, EXERCISES, (), Limits(10.0, 60.0, 1024))
SAYS = """
import os, signal, sys, time
from multiprocessing.connection import Connection
import msgspec
from autograder.gradescope.reports import JOB, Report
from autograder.results import ExerciseResult, Grade
line = Connection(int(sys.argv[1]))
job = JOB.decode(line.recv_bytes())
def say(**report):
    line.send_bytes(msgspec.msgpack.encode(Report(**report)))
def exercise(name, score):
    return ExerciseResult(id=name, title=name, score=score, max_score=3.0, status="passed" if score else "internal")
def grade(*scores):
    done = tuple(map(exercise, ("double", "halve"), scores))
    total = None if None in scores else sum(scores)
    return Grade(student=job.student, assignment="small", status="internal_error" if total is None else "graded",
                 score=total, max_score=6.0, isolation="landlock", exercises=done, message="secret traceback")
"""


class Outcome:
    """What a run came to: exit code, and all that was written to results.json, one after the other."""

    def __init__(self, folder: Path, script: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written: list[dict[str, Any]] = []
        write = run.write_whole

        def keep(path: Path, data: bytes) -> None:
            write(path, data)
            self.written.append(json.loads(path.read_bytes()))

        monkeypatch.setattr(run, "write_whole", keep)
        monkeypatch.setattr(run, "GRADER", (sys.executable, "-c", SAYS + script))
        job = Job("submission", "small", folder / "small.ipynb")
        begun = time.monotonic()
        before = signal.getsignal(signal.SIGTERM)
        times = {"begun": begun, "deadline": begun + seconds, "end": run.watch_for_end()}
        try:
            self.code = run.Submission(ASSIGNMENT, job, folder / "results.json", **times).grade()
        finally:
            signal.signal(signal.SIGTERM, before)
        self.last = json.loads((folder / "results.json").read_bytes())


@pytest.fixture
def outcome(tmp_path, monkeypatch):
    """outcome(script, seconds): of a run whose grading process is that script."""
    return lambda script, seconds=60.0: Outcome(tmp_path, script, seconds, monkeypatch)


def test_results_are_written_as_exercises_finish(outcome):
    done = outcome(
        'say(level="landlock"); say(exercise=exercise("double", 3.0)); say(exercise=exercise("halve", 3.0)); '
        "say(grade=grade(3.0, 3.0))"
    )
    assert done.code == 0
    assert [results["score"] for results in done.written] == [0.0, 3.0, 6.0, 6.0]
    assert [results["extra_data"]["status"] for results in done.written] == ["grading"] * 3 + ["graded"]


def test_time_limit_keeps_what_was_graded(outcome):
    done = outcome('say(level="landlock"); say(exercise=exercise("double", 3.0)); time.sleep(600)', 3.0)
    assert done.code == 0
    assert (done.last["score"], done.last["extra_data"]["status"]) == (3.0, "stopped")
    assert "the time was up" in done.last["tests"][1]["output"]


def test_end_asked_for_by_gradescope_keeps_what_was_graded(outcome):
    done = outcome(
        'say(level="landlock"); say(exercise=exercise("double", 3.0)); os.kill(os.getppid(), signal.SIGTERM); '
        "time.sleep(600)"
    )
    assert (done.code, done.last["score"], done.last["extra_data"]["status"]) == (0, 3.0, "stopped")


def test_time_that_was_up_before_any_code_ran_costs_nothing(outcome):
    done = outcome("time.sleep(600)", 1.0)
    assert (done.code, done.last.get("score")) == (1, None)


def test_grader_that_dies_twice_costs_nothing(outcome, capfd):
    done = outcome('say(level="landlock"); say(exercise=exercise("double", 3.0)); os.kill(os.getpid(), signal.SIGKILL)')
    assert (done.code, done.last.get("score")) == (1, None)
    assert all("score" not in test for test in done.last["tests"])
    assert len(done.written) == 5  # level and exercise, both times, and the end
    assert "ended before it was done" in capfd.readouterr().out


def test_grader_that_dies_once_is_started_again(outcome, tmp_path):
    mark = tmp_path / "tried"
    done = outcome(
        f'say(level="landlock"); path = {str(mark)!r}\n'
        "if not os.path.exists(path):\n    open(path, 'w').close(); os._exit(1)\nsay(grade=grade(3.0, 3.0))"
    )
    assert (done.code, done.last["score"]) == (0, 6.0)


def test_fault_in_one_exercise_is_tried_again_then_costs_nothing(outcome, capfd):
    done = outcome('say(level="landlock"); say(grade=grade(3.0, None))')
    assert (done.code, done.last.get("score")) == (1, None)
    assert done.last["extra_data"]["status"] == "internal_error"
    assert "secret traceback" in capfd.readouterr().out
    assert "secret" not in json.dumps(done.last)


def test_container_that_cannot_grade_ends_with_2_and_tells_the_instructor_why(outcome, capfd):
    done = outcome('say(trouble="memory: expected 740 MB at least")')
    assert (done.code, done.last.get("score")) == (2, None)
    assert "memory: expected 740 MB" in capfd.readouterr().out
    assert "740" not in json.dumps(done.last)


def test_nothing_is_written_before_students_code_runs(outcome):
    done = outcome('say(trouble="no isolation")')
    assert [results["extra_data"]["status"] for results in done.written] == ["internal_error"]
