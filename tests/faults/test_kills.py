"""A grader that is killed, at every stage: no process stays, nothing is lost, the same command finishes."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

import autograder.batch
import autograder.gradebook
import autograder.pool
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.session import Session
from tests.faults.command import KILLED, before, gradebook_rows, records, workers
from tests.faults.conftest import ClassFolder, forget


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_replacing(part: str) -> None:
    """Die with the temporary file there, and its place not yet taken."""
    before(os, "replace", die, when=lambda source, target: part in str(target))


def die_before(owner: object, name: str, call: int = 1) -> None:
    calls = iter(range(1, 100))
    before(owner, name, die, when=lambda *_, **__: next(calls) == call)


def kill_grader_before(owner: object, name: str, call: int = 1) -> None:
    """In a grading process: kill the one that writes the records, and go on with the submission."""
    grader, calls = os.getpid(), iter(range(1, 100))
    before(owner, name, lambda *_: os.kill(grader, signal.SIGKILL), when=lambda *_, **__: next(calls) == call)


# In the order of a run, so that each run gets further than the one before.
GRADING: dict[str, Callable[[], None]] = {
    "the zygote starts": lambda: die_before(Sandbox, "_await_start", 2),
    "a submission is read": lambda: kill_grader_before(autograder.pool, "read_job"),
    "its cells run": lambda: kill_grader_before(Session, "run_cells"),
    "its tests run": lambda: kill_grader_before(Session, "begin_test", 2),
    "a record is to be written": lambda: die_before(autograder.batch._Writer, "write"),
    "a record is written": lambda: die_before_replacing("/results/"),
    "one of two submissions is done": lambda: die_before(autograder.batch._Writer, "write", 2),
}
PUBLISHING: dict[str, Callable[[], None]] = {
    "a feedback page is written": lambda: die_before_replacing("/feedback/"),
    "the gradebook's transaction is open": lambda: die_before(autograder.gradebook, "_set_score", 2),
    "formgrader's notebook is written": lambda: die_before_replacing("/autograded/"),
    "formgrader's notebook stands, its scores do not": lambda: die_after_autograded(),
    "a later submission's scores are entered": lambda: die_before(autograder.gradebook, "_set_score", 5),
    "class.csv is written": lambda: die_before_replacing("class.csv"),
    "class.json is written": lambda: die_before_replacing("class.json"),
}


def die_after_autograded() -> None:
    real = autograder.gradebook.write_autograded

    def write(*args: object) -> None:
        real(*args)
        die()

    autograder.gradebook.write_autograded = write


def test_grader_killed_at_every_stage_of_grading_leaves_nobody_and_finishes_in_the_end(ungraded, finished):
    assert_killed_at_each(GRADING, ungraded, finished)


def test_grader_killed_at_every_stage_of_publishing_leaves_nothing_half_done(graded, finished):
    forget(graded, "feedback")
    assert_killed_at_each(PUBLISHING, graded, finished)


def assert_killed_at_each(
    stages: dict[str, Callable[[], None]], interrupted: ClassFolder, finished: ClassFolder
) -> None:
    """Kill one run after the other of the same command: nothing is lost between; the last one finishes."""
    wanted, kept = finished.published(), records(interrupted.out)
    for stage, plant in stages.items():
        ended = interrupted.grade(plant=plant)
        assert ended.code == KILLED, f"{stage}: it was not killed\n{ended.text}"
        found = records(interrupted.out)
        assert kept.items() <= found.items(), f"{stage}: a record was lost or changed"
        assert found.items() <= wanted["records"].items(), f"{stage}: a record is not as it should be"
        if interrupted.gradebook.exists():
            rows = gradebook_rows(interrupted.gradebook)
            assert set(rows) <= set(wanted["gradebook"]), f"{stage}: the gradebook holds something half-done"
            assert len(rows) == len(set(rows)), f"{stage}: something stands twice in the gradebook"
        kept = found
    ended = interrupted.grade()
    assert ended.code == 0, ended.text
    assert interrupted.published() == wanted
    assert not list(interrupted.folder.rglob("*.part"))


def test_zygote_worker_supervisor_and_grading_process_killed_from_outside_cost_nobody_a_point(ungraded, finished):
    accidents = {
        "amina": lambda worker: worker.parent().parent().kill(),  # the zygote
        "bruno": lambda worker: worker.kill(),
        "clara": lambda worker: worker.parent().kill(),  # the supervisor
        "diego": lambda worker: die(),  # the grading process
    }

    def plant() -> None:
        grader = os.getpid()
        for student, act in accidents.items():
            strike_once(grader, ungraded.folder / f"struck-{student}", student, act)

    ended = ungraded.grade("--workers", 1, plant=plant)
    assert ended.code == 0, ended.text
    assert sorted(path.name for path in ungraded.folder.glob("struck-*")) == [f"struck-{name}" for name in accidents]
    assert ungraded.published() == finished.published()


def strike_once(grader: int, marker: Path, student: str, act: Callable[[psutil.Process], None]) -> None:
    """Let something happen to each worker there is, in the second test of a student's submission; once in all."""
    real_grade, real_begin = autograder.pool.grade_submission, Session.begin_test
    tests = []

    def grade(*args: object, **named: object) -> object:
        tests[:] = [0] if named["student"] == student else []
        return real_grade(*args, **named)

    def begin_test(session: Session, *args: object) -> None:
        real_begin(session, *args)
        if tests and not marker.exists():
            tests[0] += 1
            if tests[0] == 2:
                marker.touch()
                for worker in workers(grader):
                    with suppress(psutil.NoSuchProcess):  # one falls with another
                        act(worker)

    autograder.pool.grade_submission, Session.begin_test = grade, begin_test


def test_grading_process_that_dies_between_two_submissions_is_replaced(ungraded, finished):
    def plant() -> None:
        grader, sent = os.getpid(), iter(range(1, 100))

        def kill_idle(*_: object) -> None:
            for process in multiprocessing.active_children():
                process.kill()
                process.join()

        before(Connection, "send_bytes", kill_idle, when=lambda *_: os.getpid() == grader and next(sent) == 2)

    ended = ungraded.grade("--workers", 1, plant=plant)
    assert ended.code == 0, ended.text
    assert ungraded.published() == finished.published()


def test_zygote_that_dies_while_another_submission_is_graded_is_replaced_at_once(ungraded, finished):
    """One grading process loses the zygote and ends; the other is busy meanwhile and has not noticed."""
    first = ungraded.folder / "first"

    def plant() -> None:
        grader, family = os.getpid(), psutil.Process()
        strike_once(grader, ungraded.folder / "struck", "amina", lambda worker: lose_zygote(worker))
        real = autograder.pool.grade_submission

        def lose_zygote(worker: psutil.Process) -> None:
            first.write_text(str(os.getpid()))
            worker.parent().parent().kill()

        def grade(*args: object, **named: object) -> object:
            if named["student"] == "bruno" and not first.exists():
                wait_until(
                    lambda: first.exists() and first.read_text() and not psutil.pid_exists(int(first.read_text()))
                )
                wait_until(lambda: any(c.name() != "bwrap" and c.pid != os.getpid() for c in family.children()))
            return real(*args, **named)

        autograder.pool.grade_submission = grade

    ended = ungraded.grade("--workers", 2, plant=plant)
    assert ended.code == 0, ended.text
    assert ungraded.published() == finished.published()


def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; fail if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def test_submission_that_ends_its_grading_process_every_time_becomes_our_fault_alone(ungraded, finished):
    def plant() -> None:
        before_each = autograder.pool.grade_submission

        def grade(*args: object, **named: object) -> object:
            if named["student"] == "bruno":
                die()
            return before_each(*args, **named)

        autograder.pool.grade_submission = grade

    ended = ungraded.grade(plant=plant)
    assert ended.code == 1, ended.text
    assert "nobody lost a point" in ended.text
    found, wanted = records(ungraded.out), finished.published()["records"]
    assert (found["bruno"]["status"], found["bruno"]["score"]) == ("internal_error", None)
    assert {name: record for name, record in found.items() if name != "bruno"} == {
        name: record for name, record in wanted.items() if name != "bruno"
    }
    assert ungraded.grade().code == 0  # a fault of ours is tried again by the next run
    assert ungraded.published() == finished.published()
