"""Grading on request, in a process of its own: for programs with a loop of their own (nbgrader's, a Dask worker).

That process opens the suite and the sandbox once, then grades one submission after the other. The asking program needs
neither torch nor pytest, which a Jupyter server, say, had better not import. Messages are frames over a socket pair.
"""

import atexit
import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from autograder.course import Assignment
from autograder.errors import AutograderError, GraderError
from autograder.intake import Job
from autograder.results import Grade
from autograder.sandbox.isolation import Level
from autograder.ungraded import failed

TRIES = 2
IDLE_SECONDS = 60.0  # then it ends by itself, and gives back some 700 MB
STOP_SECONDS = 30.0


class _Task(msgspec.Struct):
    """What the process is started for."""

    root: str
    assignment: str
    level: Level
    idle_seconds: float
    salt: str | None
    edition: dict[str, str] | None


class Reply(msgspec.Struct):
    """A job's grade, with the repaired notebook and its answers if it could be read; or why the process cannot work."""

    grade: Grade | None = None
    notebook: dict[str, Any] | None = None
    answers: dict[str, str] = {}
    trouble: str = ""


class _Request(msgspec.Struct):
    """A submission to grade; without `notebook`, it is read from the job's path."""

    job: Job
    notebook: bytes | None


_REPLY = msgspec.msgpack.Decoder(Reply)
_REQUEST = msgspec.msgpack.Decoder(_Request, dec_hook=lambda kind, value: kind(value))  # a Path travels as text


class GradingService:
    """The asking side. A process that is gone is started again with the next request."""

    def __init__(
        self,
        assignment: Assignment,
        level: Level,
        idle_seconds: float = IDLE_SECONDS,
        *,
        salt: str | None = None,
        edition: dict[str, str] | None = None,
    ) -> None:
        """Start the process; GraderError, with the reason, if it cannot grade this assignment on this machine.

        For another machine: its `salt` in place of this one's, and the `edition` of the course that it expects here.
        """
        self._task = _Task(str(assignment.root), assignment.name, level, idle_seconds, salt, edition)
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._start()

    def is_running(self) -> bool:
        """Whether the process is there; what is left of one that has ended is cleared away."""
        if self._process is None or self._process.poll() is not None:
            self.close()
        return self._line is not None

    def grade(self, job: Job, notebook: bytes | None = None) -> Reply | None:
        """Grade one submission, handed in as `notebook` or to be read; None if the process ended over it, twice."""
        for _ in range(TRIES):
            try:
                if self._line is None:
                    self._start()
                return self._ask(msgspec.msgpack.encode(_Request(job, notebook), enc_hook=str))
            except (EOFError, OSError):
                self.close()
            except BaseException:  # Ctrl-C: no reply may be left for the next job to take for its own
                self.close(interrupt=True)
                raise
        return None

    def close(self, *, interrupt: bool = False) -> None:
        """End the process: it takes the sandbox with it."""
        if self._line is None or self._process is None:
            return
        self._line.close()
        self._line = None
        if interrupt:
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autograder.grading_service", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._line = Connection(ours.detach())
        try:
            trouble = self._ask(msgspec.msgpack.encode(self._task)).trouble
        except (EOFError, OSError):
            trouble = "the grading process ended before it was ready; its own words are above, or in the server's log"
        except BaseException:
            self.close(interrupt=True)
            raise
        if trouble:
            self.close()
            raise GraderError(trouble)

    def _ask(self, message: bytes) -> Reply:
        if self._line is None:
            raise EOFError
        self._line.send_bytes(message)
        return _REPLY.decode(self._line.recv_bytes())


_kept: tuple[str, GradingService] | None = None


def open_service(assignment: Assignment, level: Level) -> GradingService:
    """A service for an assignment: the last one, if nothing has changed since; else a new one, and the last is closed.

    formgrader grades one submission with each press of a button: importing torch every time would take ten times as
    long as grading does.
    """
    global _kept
    state = _state(assignment, level)
    if _kept is None or _kept[0] != state:
        _close_kept()
        _kept = (state, GradingService(assignment, level))
    return _kept[1]


@atexit.register
def _close_kept() -> None:
    global _kept
    if _kept is not None:
        _kept[1].close()
        _kept = None


def _state(assignment: Assignment, level: Level) -> str:
    """What a process has read when it was started."""
    digest = hashlib.sha256(f"{assignment!r}\0{level}".encode())
    for path in (*sorted(assignment.suite.glob("*.py")), *sorted(assignment.release.glob("*"))):
        digest.update(path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def _serve(line: Connection) -> None:
    """The life of the process: a job comes in, its grade goes out, until the line is closed or nothing is asked."""
    from autograder.course import load_course
    from autograder.edition import describe_edition, tell_difference
    from autograder.grading import read_salt
    from autograder.master import load_master
    from autograder.plugin import Suite, open_suite
    from autograder.pool import grade_job, grade_notebook
    from autograder.sandbox.launch import Sandbox, SandboxLost
    from autograder.sandbox.memory import check_memory

    task = msgspec.msgpack.decode(line.recv_bytes(), type=_Task)
    course = load_course(Path(task.root))
    assignment, master = course.assignment(task.assignment), load_master(course.assignment(task.assignment))
    check_memory()
    if task.edition and (trouble := tell_difference(task.edition, describe_edition(assignment), assignment.name)):
        raise GraderError(trouble)

    def answer(suite: Suite) -> None:
        with Sandbox(task.level, assignment.release.parent) as sandbox, _no_interrupt_after():
            _send(line, Reply())
            while line.poll(task.idle_seconds):
                request = _REQUEST.decode(line.recv_bytes())
                job, notebook = request.job, request.notebook
                try:
                    if notebook is None:
                        outcome = grade_job(suite, sandbox, master, job)
                    else:
                        outcome = grade_notebook(suite, sandbox, master, job, notebook)
                    reply = Reply(outcome.grade, outcome.notebook, outcome.answers)
                except SandboxLost:
                    return  # the asking side starts anew, and tries once more
                except Exception:
                    reply = Reply(failed(assignment, job, traceback.format_exc()))
                _send(line, reply)

    open_suite(assignment, read_salt(course.root) if task.salt is None else task.salt, answer)


def _send(line: Connection, reply: Reply) -> None:
    line.send_bytes(msgspec.msgpack.encode(reply))


def _interrupt(*_: object) -> None:
    """On SIGTERM: an exception, by which the sandbox is closed on its way; only once, that it may be."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _no_interrupt_after() -> Iterator[None]:
    """Whatever ends the block, what closes behind it is not interrupted."""
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _watch_line(descriptor: int) -> None:
    """End this process when the asking program is gone: nobody waits for the submission that is being graded."""
    line = select.poll()
    line.register(descriptor, 0)  # a hang-up is reported all the same
    line.poll()
    os.kill(os.getpid(), signal.SIGTERM)


def _run() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the asking program, which then ends this one
    signal.signal(signal.SIGTERM, _interrupt)
    with Connection(int(sys.argv[1])) as line:
        threading.Thread(target=_watch_line, args=[line.fileno()], daemon=True).start()
        try:
            with _no_interrupt_after():
                _serve(line)
        except AutograderError as error:
            _send(line, Reply(trouble=str(error)))
        except (EOFError, ConnectionError, KeyboardInterrupt):
            pass  # the asking program is done, or gone


if __name__ == "__main__":
    _run()
