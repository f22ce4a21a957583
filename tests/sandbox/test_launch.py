"""The trusted side: when the zygote or the grader dies, nothing hangs and nobody is left; lines and spares."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from autograder.sandbox.launch import Sandbox, SandboxLost, WorkerGone, _describe_end
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Cell, Session, SessionLimits
from tests.sandbox.hosts import ROOT

LIMITS = SessionLimits(5.0, 60.0, 512 << 20)
WAIT = "import time\ndef f(x):\n    time.sleep(x)\n    return x\n"


def open_session(sandbox: Sandbox) -> Session:
    session = Session(sandbox, "tiny", [Cell("f", WAIT)], ["f"], LIMITS)
    session.run_cells()
    session.begin_test(1, 5.0)
    return session


def started_by(process: int) -> set[int]:
    """The processes below one; not those of a test that runs at the same time."""
    return {child.pid for child in psutil.Process(process).children(recursive=True)}


def gone(processes: set[int]) -> bool:
    """Whether all of them end within a while."""
    for _ in range(200):
        if not any(map(is_alive, processes)):
            return True
        time.sleep(0.05)
    return False


def is_alive(process: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    return False


def find_worker(processes: Callable[[], set[int]]) -> int:
    """The process without children, once the supervisors of dropped spares have left."""
    for _ in range(200):
        with contextlib.suppress(psutil.NoSuchProcess):
            leaves = [process for process in processes() if not psutil.Process(process).children()]
            if len(leaves) == 1:
                return leaves[0]
        time.sleep(0.05)
    raise AssertionError(f"expected one worker, got {leaves}")


@pytest.fixture
def alone(released):
    """A sandbox that a test may break, and the processes that belong to it."""
    with Sandbox("nested", released) as sandbox:
        wall = sandbox._process.pid
        yield sandbox, lambda: {wall, *started_by(wall)}


@pytest.mark.parametrize("victim", ["the wall", "the zygote"])
def test_zygote_that_is_killed_is_nobodys_fault_and_leaves_nobody(alone, victim):
    sandbox, belonging = alone
    session = open_session(sandbox)
    processes = belonging()
    wall = sandbox._process.pid
    zygote = next(child.pid for child in psutil.Process(wall).children(recursive=True) if child.name() != "bwrap")
    os.kill(wall if victim == "the wall" else zygote, signal.SIGKILL)
    with pytest.raises(SandboxLost):
        Submission(session).call("f", 30)
    assert gone(processes)
    with pytest.raises(SandboxLost):
        sandbox.spawn("tiny", 1 << 29, 5)
    session.close()


def test_worker_that_is_killed_from_outside_takes_only_its_own_test(alone):
    sandbox, belonging = alone
    before = belonging()
    session = open_session(sandbox)
    sandbox._drop_spares()
    os.kill(find_worker(lambda: belonging() - before), signal.SIGKILL)
    with pytest.raises(WorkerGone):
        Submission(session).call("f", 0)
    session.begin_test(1, 5.0)
    assert Submission(session).call("f", 0).integer() == 0
    session.close()


def test_lines_of_other_processes_end_with_them_and_the_zygote_goes_on(alone):
    sandbox, _ = alone
    line = sandbox.attach()
    session = open_session(line)
    assert Submission(session).call("f", 0).integer() == 0
    session.close()
    line.hang_up()
    session = open_session(sandbox)
    assert Submission(session).call("f", 0).integer() == 0
    session.close()


GRADER = """
import sys, time
from pathlib import Path
from autograder.sandbox.launch import Sandbox
from tests.sandbox.test_launch import open_session
from autograder.sandbox.proxy import Submission
session = open_session(Sandbox(sys.argv[1], Path(sys.argv[2])))
print("ready", flush=True)
Submission(session).call("f", 600)
"""


@pytest.mark.parametrize("level", ["nested", "bubblewrap", "none"])
def test_grader_that_is_killed_leaves_nobody(level, released):
    command = [sys.executable, "-c", GRADER, level, str(released)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as grader:
        assert grader.stdout.readline() == b"ready\n"
        processes = started_by(grader.pid)
        assert processes
        grader.kill()
    assert gone(processes)


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (-11, "signal SIGSEGV"), (-40, "signal 40"), (-64, "signal SIGRTMAX")]
)
def test_every_end_has_a_name(code, words):
    assert _describe_end(code) == words
