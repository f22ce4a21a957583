"""The trusted side of the sandbox: start the zygote, fork workers, ask them, watch them, kill them.

Theory of operation
-------------------
One *zygote* for the course runs behind the outer wall (see isolation.py) and has imported torch once. For each
submission it forks a *supervisor*, which forks a *worker* behind walls of its own (see worker/limits.py): the only
process that runs a student's code. Three sockets connect them to a grading process:

- control: grader → zygote. "Fork a worker", with two descriptors.
- data: grader ⇄ worker. Requests and replies (worker/protocol.py). What comes from there is data from a stranger: it is
  bounded, typed, numbered, and anything out of order is a reason to kill the worker, never an exception of ours.
- report: grader ⇄ supervisor. CPU seconds, memory, end. The worker never holds it, so it can be trusted. Hanging up
  kills the worker and all it forked.

Every wait is bounded: a request has an allowance of CPU seconds, measured by the supervisor, and ten times that on
the clock. If the grader dies, the kernel closes its sockets: supervisors kill their workers, the zygote ends, and
bubblewrap dies with its parent. If the zygote dies, its processes go with it and the next request raises SandboxLost.
"""

import array
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from autograder.errors import GraderError
from autograder.sandbox.isolation import Launch, Level, advise, build_launch
from autograder.sandbox.worker import protocol, reports
from autograder.sandbox.worker.values import ProtocolError

START_SECONDS = 300.0  # a cold disk takes its time to give torch
PROBE_SECONDS = 20.0
CONFINE_SECONDS = 60.0
SLICE_SECONDS = 0.1
LONGEST_SLICE = 1.0  # what took longer, the grader did: it was stopped, or had no processor
WALL_FACTOR = 10.0
SEND_SECONDS = 20.0
KILLED = "your code's process was killed"  # by something that is no limit of ours


class SandboxLost(GraderError):
    """The zygote is gone; nothing a student did is to blame, the submission is graded again."""


class WorkerGone(Exception):
    """The worker cannot answer any more; `message` is for the student."""

    message = "your code ended its process"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.message)


class WorkerDied(WorkerGone):
    """It ended by itself: os._exit, a crash, a kill."""


class WorkerTimeout(WorkerGone):
    """It used up its CPU seconds, or did not answer in ten times as long."""

    message = "your code ran longer than its time limit"


class WorkerMemory(WorkerGone):
    """It took more memory than it may."""

    message = "your code took more memory than its limit"


class WorkerLied(WorkerGone):
    """It sent something that is no answer."""

    message = "your code's process sent something that is no answer"


class Sandbox:
    """One zygote. Use as a context manager; `attach` gives a further process its own line to it."""

    def __init__(self, level: Level, released: Path, *, probe: bool = False) -> None:
        """Start the zygote; GraderError (with the reason and what to do) if the machine does not give this level."""
        self.level = level
        self.versions: dict[str, str] = {}
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process: subprocess.Popen[bytes] | None = None
        self._spares: dict[tuple[str, int, int], Worker] = {}
        try:
            launch = build_launch(level, released.resolve(), self._scratch, theirs.fileno(), probe=probe)
            self.released = launch.released
            self._process = self._start(launch, theirs)
            theirs.close()
            self.versions = self._await_start(PROBE_SECONDS if probe else START_SECONDS)
            self._try_worker()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def spawn(self, assignment: str, memory: int, cpu_seconds: int) -> "Worker":
        """Fork a worker in the released folder of an assignment; hard limits in bytes and CPU seconds.

        One like it is forked ahead, since the next submission, or the next test after a crash, will want it.
        """
        wanted = (assignment, memory, cpu_seconds)
        spare = self._spares.pop(wanted, None)
        self._drop_spares()
        worker = spare if spare is not None and spare.waits() else self._fork(*wanted)
        self._spares[wanted] = self._fork(*wanted)
        return worker

    def _fork(self, assignment: str, memory: int, cpu_seconds: int) -> "Worker":
        data, their_data = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        report, their_report = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = reports.Spawn(self.level, str(self.released / assignment), memory, cpu_seconds)
        with their_data, their_report:
            self._send(request, [their_data.fileno(), their_report.fileno()])
        return Worker(data, report, cpu_seconds)

    def attach(self) -> "Sandbox":
        """The same zygote for a process about to be forked: with a control socket of its own, and not its owner."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._send(reports.Attach(), [theirs.fileno()])
        line = object.__new__(Sandbox)
        line.level, line.versions, line.released = self.level, self.versions, self.released
        line._scratch, line._log, line._control, line._process = self._scratch, self._log, ours, None
        line._spares = {}
        return line

    def hang_up(self) -> None:
        """Close this line only."""
        self._drop_spares()
        self._control.close()

    def close(self) -> None:
        """End the zygote and everything below it."""
        self.hang_up()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _drop_spares(self) -> None:
        for spare in self._spares.values():
            spare.kill()
        self._spares.clear()

    def _start(self, launch: Launch, control: socket.socket) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                launch.command,
                env=launch.environment,
                cwd=self._scratch if self.level in ("landlock", "none") else "/",
                pass_fds=[control.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
        except OSError as error:
            raise GraderError(f"isolation {self.level}: {launch.command[0]} does not start: {error}") from None

    def _await_start(self, seconds: float) -> dict[str, str]:
        ready, _, _ = select.select([self._control], [], [], seconds)
        message = self._control.recv(reports.REPORT_LIMIT) if ready else b""
        if not message:
            words = self._last_words()
            raise GraderError(f"isolation {self.level}: the zygote did not start: {words}{advise(self.level, words)}")
        return reports.FromZygote.decode(message).versions

    def _try_worker(self) -> None:
        """One worker, taken through every step of the level, before any submission depends on it."""
        first = self.released if self.level in ("landlock", "none") else Path("/course")
        worker = self._fork(os.curdir, 1 << 30, 60)
        try:
            worker.await_confined()
        except GraderError as error:
            raise GraderError(f"isolation {self.level}: {error} ({first}){advise(self.level, str(error))}") from None
        finally:
            worker.kill()

    def _send(self, message: reports.Attach | reports.Spawn, descriptors: list[int]) -> None:
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
        try:
            self._control.sendmsg([reports.ENCODER.encode(message)], [rights])
        except OSError as error:
            raise SandboxLost(f"isolation {self.level}: the zygote is gone ({error})") from None

    def _last_words(self) -> str:
        code = self._process.poll() if self._process else None
        self._log.seek(0)
        words = self._log.read()[-2000:].decode(errors="replace").strip().splitlines()
        return f"{words[-1] if words else 'no message'} (exit code {code})"


class Worker:
    """One process behind the walls, and its supervisor."""

    def __init__(self, data: socket.socket, report: socket.socket, hard_limit: float) -> None:
        self._data, self._report, self._hard_limit = data, report, hard_limit
        self._number = 0
        self._end: reports.Ended | None = None
        self._confined = False
        self.alive = True
        self.cpu_seconds = 0.0  # all that it cost, known once it is dead
        self.spent = 0.0  # CPU seconds, by the last request, whether it was answered or not
        data.setblocking(False)

    def waits(self) -> bool:
        """Whether it is still there, and has not said anything."""
        return self.alive and not select.select([self._data], [], [], 0)[0]

    def await_confined(self) -> None:
        """Wait until the worker has taken every step of its level; GraderError if the machine refuses one."""
        if self._confined:
            return
        report = self._await_report(CONFINE_SECONDS)
        if not isinstance(report, reports.Confined):
            reason = report.reason if isinstance(report, reports.Refused) else "the supervisor ended"
            self.kill()
            raise GraderError(f"a worker could not be confined: {reason}")
        self._confined = True

    def request(
        self, request: protocol.Request, blobs: list[bytes], seconds: float
    ) -> tuple[protocol.Done | protocol.Raised, list[bytearray]]:
        """Send a request and wait for its answer, at most `seconds` of CPU time; the answer and its blobs.

        WorkerGone (of the kind that fits) if there is none; the worker is dead then. SandboxLost if its supervisor
        is gone too.
        """
        self.await_confined()
        self._number += 1
        watch = _Watch(self, seconds)
        try:
            self._refuse_early_words()
            for piece in protocol.encode_frame(protocol.Message(self._number, request), blobs):
                self._write(memoryview(piece), watch)
            meta, received = protocol.read_frame(lambda length: self._read(length, watch))
            reply = protocol.decode(protocol.REPLY, meta)
            if reply.number != self._number:
                raise ProtocolError(f"reply {reply.number} to request {self._number}")
        except ProtocolError as error:
            self.kill()
            raise WorkerLied(f"{WorkerLied.message}: {error}") from None
        except WorkerGone:
            self.kill()
            raise
        except (ConnectionError, EOFError):
            raise self._obituary() from None
        finally:
            self.spent = watch.used
        return reply.result, received

    def query(self) -> reports.Usage | None:
        """What the worker has used, or None if it is gone."""
        try:
            self._report.send(reports.ENCODER.encode(reports.Query()))
            report = self._await_report(SEND_SECONDS)
        except OSError:
            return None
        return report if isinstance(report, reports.Usage) else None

    def kill(self) -> None:
        """Kill the worker and all it forked; wait until the supervisor has said so."""
        if not self.alive:
            return
        self.alive = False
        self._data.close()
        try:
            self._report.shutdown(socket.SHUT_WR)
            while not isinstance(self._await_report(SEND_SECONDS), reports.Ended | None):
                continue
        except OSError:
            pass
        self._report.close()

    def _write(self, view: memoryview, watch: "_Watch") -> None:
        while view:
            try:
                view = view[self._data.send(view) :]
            except BlockingIOError:
                watch.wait(select.POLLOUT)

    def _read(self, length: int, watch: "_Watch") -> bytearray:
        block = bytearray(length)
        view = memoryview(block)
        while view:
            try:
                count = self._data.recv_into(view)
            except BlockingIOError:
                watch.wait(select.POLLIN)
                continue
            if not count:
                raise EOFError
            view = view[count:]
        return block

    def _refuse_early_words(self) -> None:
        try:
            early = self._data.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if early:
            raise ProtocolError("an answer before the question")
        raise EOFError

    def _await_report(self, seconds: float) -> reports.Report | None:
        if not select.select([self._report], [], [], seconds)[0]:
            return None
        message = self._report.recv(reports.REPORT_LIMIT)
        try:
            report = reports.FromSupervisor.decode(message) if message else None
        except msgspec.MsgspecError:
            return None
        if isinstance(report, reports.Ended):
            self._end, self.cpu_seconds = report, report.cpu_seconds
        return report

    def _obituary(self) -> WorkerGone | SandboxLost:
        """The exception that says how a worker ended whose data socket is closed."""
        self.kill()
        end = self._end
        if end is None:  # no student's code reaches a supervisor: it fell with the zygote
            return SandboxLost("a worker and its supervisor are gone: something outside ended them")
        if end.excess == "memory":
            return WorkerMemory()
        if end.excess == "files":
            return WorkerDied("your code wrote more files than it may")
        if end.excess == "time" or end.code == -signal.SIGXCPU or end.cpu_seconds > self._hard_limit:
            return WorkerTimeout()
        if end.code == -signal.SIGKILL:
            return WorkerDied(KILLED)
        return WorkerDied(f"{WorkerDied.message} ({_describe_end(end.code)})")


class _Watch:
    """Counts one request's CPU seconds and clock while the grader waits."""

    def __init__(self, worker: Worker, seconds: float) -> None:
        self._worker, self._seconds = worker, seconds
        self._asked = time.monotonic()
        self._base: float | None = None
        self._cpu_seconds = self._waited = 0.0

    @property
    def used(self) -> float:
        """CPU seconds, or a tenth of the time waited: who sleeps holds up the class, too."""
        return max(self._cpu_seconds, self._waited / WALL_FACTOR)

    def wait(self, event: int) -> None:
        """Wait a slice for the data socket; raise if the allowance is spent.

        The allowance is looked at once in a slice, also while there is something to read: it may come byte by byte.
        """
        poll = select.poll()
        poll.register(self._worker._data, event)
        begun = time.monotonic()
        ready = poll.poll(SLICE_SECONDS * 1000)
        now = time.monotonic()
        self._waited += min(now - begun, LONGEST_SLICE)
        if ready and now - self._asked < SLICE_SECONDS:
            return
        usage = self._worker.query()
        if usage is None:
            raise EOFError
        self._asked = time.monotonic()
        if self._base is None:
            self._base = usage.cpu_seconds  # the first slice is a gift
        self._cpu_seconds = usage.cpu_seconds - self._base
        if self._cpu_seconds > self._seconds or self._waited > WALL_FACTOR * self._seconds + 1.0:
            raise WorkerTimeout


def _describe_end(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    known = {number.value: number.name for number in signal.Signals}  # not the real-time signals between the ends
    return f"signal {known.get(-code, -code)}"
