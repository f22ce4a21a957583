"""The real command in a fork of the test, where a fault can be planted; and what it leaves behind.

A fork has torch imported already, so a run costs no more than its zygote; and whatever is patched in it ends with it.
"""

import json
import os
import secrets
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import autograder.batch
import autograder.gradebook  # noqa: F401  # once, not in every fork
from autograder.cli import app
from autograder.sandbox import isolation
from autograder.sandbox.worker import limits

KILLED = -signal.SIGKILL
CLONE_NEWUSER, CLONE_NEWNS = limits.CLONE_NEWUSER, limits.CLONE_NEWNS


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, what it wrote to both streams, and the processes that it left."""

    code: int
    text: str
    left: set[int]
    peak_mb: float

    @property
    def error(self) -> str:
        """The one line that says what went wrong."""
        lines = [line for line in self.text.splitlines() if line.startswith("autograder: ")]
        assert len(lines) == 1, self.text
        assert "Traceback" not in self.text
        return lines[0]


class Running:
    """A command that runs; `mark` stands in the environment of all it starts."""

    def __init__(self, log: Path, *arguments: object, plant: Callable[[], None] = lambda: None) -> None:
        self._log, self.mark = log, secrets.token_hex(16)
        self.pid = os.fork()
        if self.pid == 0:
            _run(log, self.mark, [str(argument) for argument in arguments], plant)

    def family(self) -> set[int]:
        """The grader, its grading processes, and all that descends from its zygote, wherever it has got to."""
        mark = f"FAULT_TEST_RUN={self.mark}".encode()
        found = set()
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                ended = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
                if not ended and (
                    os.getsid(int(entry)) == self.pid or mark in Path(f"/proc/{entry}/environ").read_bytes()
                ):
                    found.add(int(entry))
            except OSError:  # it has ended meanwhile
                continue
        return found

    def end(self) -> Ended:
        """Wait for its end, and for that of all its processes."""
        _, status, usage = os.wait4(self.pid, 0)
        deadline = time.monotonic() + 60
        while (left := self.family()) and time.monotonic() < deadline:
            time.sleep(0.02)
        text = self._log.read_text(errors="replace")
        return Ended(os.waitstatus_to_exitcode(status), text, left, usage.ru_maxrss / 1024)


def _run(log: Path, mark: str, arguments: list[str], plant: Callable[[], None]) -> None:
    """Life of the fork: the command as the shell would start it."""
    code = 99
    try:
        os.setsid()
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(1, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        isolation.ENVIRONMENT["FAULT_TEST_RUN"] = mark
        tempfile.tempdir = str(log.parent.parent)  # a grader that is killed leaves its empty scratch folder
        plant()
        app(arguments, standalone_mode=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def before(owner: Any, name: str, act: Callable[..., None], when: Callable[..., bool] = lambda *_, **__: True) -> None:
    """Let `act` happen before the first call of a function that `when` accepts by its arguments, then call it."""
    real, done = getattr(owner, name), []

    def call(*args: Any, **kwargs: Any) -> Any:
        if not done and when(*args, **kwargs):
            done.append(True)
            act(*args)
        return real(*args, **kwargs)

    setattr(owner, name, call)


def in_private_mounts(function: Callable[[], None]) -> None:
    """Call a function in a fork with mounts of its own, which end with it; its failures are this test's."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            _enter_mounts()
            function()
            code = 0
        except BaseException:
            os.write(writing, traceback.format_exc().encode()[-60_000:])
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        words = said.read().decode()
    _, status = os.waitpid(pid, 0)
    assert status == 0, words


def _enter_mounts() -> None:
    user, group = os.getuid(), os.getgid()
    if limits.LIBC.unshare(CLONE_NEWNS | (CLONE_NEWUSER if user else 0)):
        raise OSError("a mount namespace is denied on this machine")
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    mount("none", "/", limits.MS_REC | limits.MS_PRIVATE)


def mount(kind: str, target: str | Path, flags: int = 0, options: str = "", source: str | Path = "none") -> None:
    """Mount something; OSError if the kernel refuses."""
    arguments = [os.fsencode(source), os.fsencode(target), kind.encode(), flags, options.encode()]
    if limits.LIBC.mount(*arguments):
        raise OSError(limits.ctypes.get_errno(), f"mount {target}")


def without_times(record: Path) -> object:
    """A record, but for `seconds`: how long the submission and each of its tests took."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(item) for key, item in value.items() if key != "seconds"}
        return [strip(item) for item in value] if isinstance(value, list) else value

    return strip(json.loads(record.read_bytes()))


def records(out: Path) -> dict[str, Any]:
    """All records by student, but for times."""
    return {path.parent.name: without_times(path) for path in sorted(out.glob("results/*/small.json"))}


def gradebook_rows(place: Path) -> list[tuple[Any, ...]]:
    """What nbgrader's gradebook holds, by student and cell, without its random identifiers."""
    scores = """
        select assignment.name, submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score,
               grade.needs_manual_grade, comment.auto_comment
        from submitted_assignment
        join assignment on assignment.id = submitted_assignment.assignment_id
        join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
        join grade on grade.notebook_id = submitted_notebook.id
        join base_cell on base_cell.id = grade.cell_id
        left join comment on comment.notebook_id = submitted_notebook.id
        left join base_cell as commented on commented.id = comment.cell_id and commented.name = base_cell.name
        where comment.id is null or commented.name is not null
        order by 1, 2, 3
    """
    with sqlite3.connect(place) as book:
        return book.execute(scores).fetchall()


def published(course: Path, out: Path) -> dict[str, Any]:
    """All that a class leaves, but for times: records, tables, feedback, gradebook, formgrader's notebooks."""
    files = [*out.glob("feedback/*/*"), *(course / "autograded").glob("*/*/*"), out / "class.csv", out / "class.json"]
    return {
        "records": records(out),
        "gradebook": gradebook_rows(course / "gradebook.db"),
        **{str(path.relative_to(course)): path.read_bytes() for path in sorted(files)},
    }


def workers(grader: int) -> list[psutil.Process]:
    """The processes that run students' code (the one in use, and one forked ahead): those without children."""
    return [process for process in psutil.Process(grader).children(recursive=True) if is_worker(process)]


def is_worker(process: psutil.Process) -> bool:
    """Whether it is the last in the line grader, bubblewrap, zygote, supervisor, worker."""
    try:
        return len(process.parents()) >= 3 and not process.children() and "worker.zygote" in process.cmdline()
    except psutil.NoSuchProcess:  # it has just ended
        return False
