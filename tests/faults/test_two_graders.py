"""Two graders on one folder: the second is refused; and the lock of one that was killed keeps nobody out."""

import os
import signal

import autograder.batch
import autograder.pool
from tests.faults.command import KILLED, Running, before, records


def test_second_grader_is_refused_and_a_killed_ones_lock_is_no_obstacle(ungraded, finished):
    def plant() -> None:
        calls = iter(range(1, 100))
        stop = lambda *_: os.kill(os.getpid(), signal.SIGSTOP)  # noqa: E731
        before(autograder.batch._Writer, "write", stop, when=lambda *_: next(calls) == 2)
        before(autograder.pool, "grade_submission", stop, when=lambda *_, student, **__: student == "diego")

    first = ungraded.start(plant=plant)
    _, status = os.waitpid(first.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    found = records(ungraded.out)
    assert len(found) == 1
    second = Running(ungraded.folder / "second", *command(ungraded)).end()
    assert second.code == 2
    assert f"{ungraded.out}: another grader is writing there; wait for it" in second.error
    assert records(ungraded.out) == found
    os.kill(first.pid, signal.SIGKILL)  # its grading processes are stopped, or busy, at this moment
    assert first.end().code == KILLED
    ended = ungraded.grade()
    assert ended.code == 0, ended.text
    assert ungraded.published() == finished.published()


def command(graded) -> list[object]:
    return ["grade", graded.submitted, "--out", graded.out, "--root", graded.root]


def test_lock_is_free_as_soon_as_the_grader_is_dead_whoever_else_still_lives(graded, finished):
    """A fork that outlives its killed parent, as a grading process would without the kernel's help."""

    def plant() -> None:
        def fork_and_die(*_: object) -> None:
            if os.fork() == 0:
                signal.pause()
            os.kill(os.getpid(), signal.SIGKILL)

        before(autograder.batch._Writer, "publish", fork_and_die)

    first = graded.start(plant=plant)
    _, status = os.waitpid(first.pid, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED
    orphans = first.family()
    assert orphans
    try:
        ended = Running(graded.folder / "second", *command(graded)).end()
    finally:
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
    assert ended.code == 0, ended.text
    assert graded.published() == finished.published()
