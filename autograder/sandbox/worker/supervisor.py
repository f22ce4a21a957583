"""The supervisor: forks a worker behind its walls, watches it, outlives it, leaves nothing behind.

It never runs a line of a student's code, and the worker never holds its socket: what it reports can be trusted. It
adopts every process whose parent dies: whatever the worker forked is below it, and is measured and killed with it.
"""

import contextlib
import os
import resource
import select
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import limits, reports, scratch

if TYPE_CHECKING:
    from .shell import NotebookShell

WATCH_MILLISECONDS = 100
MEASURE_SECONDS = 1.0
WORKER_NICENESS = 5  # a crowd of processes must not keep its supervisor from the processor
FEW_DESCRIPTORS = 32
SOCKET_BYTES = 208 << 10  # what may wait unread in a socket (net.core.wmem_default), or in a pipe's half
KILL_SECONDS = 10.0  # for processes that fork faster than they can be killed


def supervise(
    request: reports.Spawn,
    shell: "NotebookShell | None",
    data: socket.socket,
    report: socket.socket,
    zygote: int,
    spent: float,
) -> None:
    """Life of the supervisor. `zygote` is its parent, `spent` the CPU seconds that forking cost there."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        limits.die_with_parent(zygote)
        limits.adopt_orphans()
        others = _count_processes() if request.level in ("bubblewrap", "landlock") else 0
        with scratch.provide(request.level) as folder:
            if request.level == "nested":
                limits.set_dumpable(True)  # else its own uid_map is not its own to write
                limits.enter_namespaces()
            reading, writing = os.pipe()
            supervisor = os.getpid() if request.level != "nested" else 0  # pid 1 cannot see its parent's number
            worker = os.fork()
            if worker == 0:
                os.close(reading)
                report.close()
                _work(request, shell, data, writing, supervisor, folder, others)
            limits.set_dumpable(False)
            os.close(writing)
            data.close()
            refused = os.read(reading, reports.REPORT_LIMIT)
            os.close(reading)
            first = reports.Refused(refused.decode(errors="replace")) if refused else reports.Confined()
            _watch(worker, report, first, request, folder, zygote, spent)
        code = 0
    except OSError as error:
        _report(report, reports.Refused(str(error)))
    finally:
        os._exit(code)


def _work(
    request: reports.Spawn,
    shell: "NotebookShell | None",
    data: socket.socket,
    writing: int,
    supervisor: int,
    folder: Path,
    others: int,
) -> None:
    """Life of the worker: take every step of the level, then serve the grader."""
    try:
        limits.die_with_parent(supervisor)
        released = Path(request.released)
        limits.offer_to_memory_killer()
        os.nice(WORKER_NICENESS)
        if request.level != "none":
            limits.limit_resources(request.memory, request.cpu_seconds, others)
        if request.level == "nested":
            limits.mount_scratch()
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        work = scratch.make_work_folder(folder, released)
        if request.level != "none":
            readable = [Path(entry) for entry in os.environ["SANDBOX_READABLE"].split(os.pathsep)]
            devices = [Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"), Path("/dev/random")]
            own = [folder, Path("/dev/shm")] if request.level == "nested" else [folder]
            limits.restrict_files([*readable, released], [*own, *devices])
            limits.drop_privileges()
            limits.deny_system_calls(shared_files=request.level == "landlock")
            limits.set_dumpable(True)  # for its supervisor, which measures its memory; others have no way to look
        os.close(writing)
    except BaseException as error:
        os.write(writing, f"{type(error).__name__}: {error}".encode()[: reports.REPORT_LIMIT])
        os._exit(1)
    limits.close_descriptors(data.fileno())
    if shell is not None:
        from . import agent

        agent.serve(data, shell, work)
    os._exit(0)


def _watch(
    worker: int,
    report: socket.socket,
    first: reports.Confined | reports.Refused,
    request: reports.Spawn,
    folder: Path,
    zygote: int,
    spent: float,
) -> None:
    """Report on the worker until it ends, takes too much, or the grader hangs up; then kill whatever is left."""
    excess: reports.Excess = ""
    try:
        report.send(reports.ENCODER.encode(first))
        excess = _guard(worker, report, request, folder)
    finally:
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        _kill_family(zygote)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = children.ru_utime + children.ru_stime + time.process_time() + spent
    _report(report, reports.Ended(os.waitstatus_to_exitcode(status), cost, excess))


def _guard(worker: int, report: socket.socket, request: reports.Spawn, folder: Path) -> reports.Excess:
    """Answer the grader's queries until the worker ends or the grader hangs up, or there is something in excess."""
    ended = os.pidfd_open(worker)
    meter = _Meter(worker)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(report, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(WATCH_MILLISECONDS)}
        family = _family(os.getpid())
        used = sum(_cpu_seconds(process) for process in family)
        if report.fileno() in ready:
            message = report.recv(reports.REPORT_LIMIT)
            if not message:
                return ""
            reports.ToSupervisor.decode(message)
            report.send(reports.ENCODER.encode(reports.Usage(used)))
        elif ended in ready:
            return ""
        if used > request.cpu_seconds:
            return "time"
        if meter.exceeds(family, request.memory):
            return "memory"
        if scratch.is_flooded(request.level, folder):
            return "files"


class _Meter:
    """Measures memory beyond what the worker had at first, which it shares with the zygote.

    The exact measure is dear: it is taken at once where a cheap one that leaves out what a fork shares says so, and now
    and then where only the one that counts it in full does.
    """

    def __init__(self, worker: int) -> None:
        self._private, self._proportional = _private_memory(worker), _proportional_memory(worker)
        self._measured = 0.0

    def exceeds(self, family: list[int], limit: int) -> bool:
        """Whether a family of processes takes more than so many bytes."""
        limit -= sum(map(_socket_memory, family))
        private = sum(map(_private_memory, family))
        if private - self._private <= limit:
            return False
        recent = time.monotonic() - self._measured < MEASURE_SECONDS
        if recent and private - self._private * len(family) <= limit:
            return False
        used = 0
        for process in family:
            used += _proportional_memory(process)
            if used - self._proportional > limit:
                return True
        self._measured = time.monotonic()
        return False


def _socket_memory(process: int) -> int:
    """Bytes that the kernel may hold for a process in sockets and pipes, which it charges to nobody; 0 for a few."""
    folder = f"/proc/{process}/fd"
    try:
        entries = os.listdir(folder)
    except OSError:
        return 0
    count = 0
    for entry in entries if len(entries) > FEW_DESCRIPTORS else ():
        with contextlib.suppress(OSError):
            count += os.readlink(f"{folder}/{entry}").startswith(("socket:", "pipe:"))
    return count * SOCKET_BYTES


def _kill_family(zygote: int) -> None:
    """Kill and reap all processes below this one; where that cannot be done, kill the zygote, and with it its walls."""
    deadline = time.monotonic() + KILL_SECONDS
    while family := _family(os.getpid()):
        for process in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        if time.monotonic() > deadline:
            os.kill(zygote, signal.SIGKILL)
            return


def _report(report: socket.socket, last: reports.Refused | reports.Ended) -> None:
    with contextlib.suppress(OSError):  # the grader may have hung up: then nobody wants to know
        report.send(reports.ENCODER.encode(last))


def _family(process: int) -> list[int]:
    """All descendants of a process."""
    found: list[int] = []
    for member in _each([process], found):
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{member}/task"):  # any thread may fork
                found.extend(map(int, Path(f"/proc/{member}/task/{task}/children").read_text().split()))
    return found


def _each(first: list[int], growing: list[int]) -> Iterator[int]:
    yield from first
    yield from growing


def _cpu_seconds(process: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _private_memory(process: int) -> int:
    """Bytes of a process that no file stands behind, shared ones in full: cheap to ask for."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def _proportional_memory(process: int) -> int:
    """Bytes of a process, shared pages by their share; where that is not shown, as `_private_memory`."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _private_memory(process)


def _count_processes() -> int:
    """How many processes and threads this account has already: rlimits count them too.

    By their status: who hides his memory appears in /proc as root's.
    """
    user = f"Uid:\t{os.getuid()}\t"
    count = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{entry}/status").read_text()
            if user in status:
                count += int(status.partition("\nThreads:")[2].split()[0])
    return count
