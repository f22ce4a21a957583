"""The zygote: imports everything once, then forks a supervisor and a worker for each request.

Runs inside the outer wall, with one thread, and never holds anything that a student may not see.

    grader ── control socket ──> zygote ── fork ──> supervisor ── fork ──> worker
       │                                               │                     │
       ├────────────── report socket ──────────────────┘                     │
       └────────────── data socket ──────────────────────────────────────────┘

The supervisor enters the worker's namespaces, never runs a student's code, measures the worker, and kills it when the
grader says so or hangs up. The worker never holds the report socket: what is said there can be trusted.
"""

import array
import ctypes
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from . import limits

if TYPE_CHECKING:
    from .shell import NotebookShell

REPORT_LIMIT = 8192


class Attach(msgspec.Struct, tag="attach", frozen=True):
    """A further grading process: its control socket comes along."""


class Spawn(msgspec.Struct, tag="spawn", frozen=True):
    """Fork a worker: its data and report sockets come along."""

    level: Literal["nested", "bubblewrap", "landlock", "none"]
    released: str
    memory: int
    cpu_seconds: int


class Query(msgspec.Struct, tag="query", frozen=True):
    """To the supervisor: how much has the worker used?"""


class Started(msgspec.Struct, tag="started", frozen=True):
    """The zygote is ready."""

    versions: dict[str, str]


class Confined(msgspec.Struct, tag="confined", frozen=True):
    """Every step of the level was taken; from now on the worker runs cells."""


class Refused(msgspec.Struct, tag="refused", frozen=True):
    """The machine cannot give this level: what failed."""

    reason: str


class Usage(msgspec.Struct, tag="usage", frozen=True):
    """CPU seconds and bytes of the worker and all its children."""

    cpu_seconds: float
    memory: int


class Ended(msgspec.Struct, tag="ended", frozen=True):
    """The worker is gone: its exit code, or the signal that killed it as a negative number."""

    code: int


ToZygote = msgspec.msgpack.Decoder(Attach | Spawn)
FromZygote = msgspec.msgpack.Decoder(Started)
ToSupervisor = msgspec.msgpack.Decoder(Query)
FromSupervisor = msgspec.msgpack.Decoder(Confined | Refused | Usage | Ended)
ENCODER = msgspec.msgpack.Encoder()


def main(control_descriptor: int, probe: bool) -> None:
    """Import, say so, and serve until every grading process has hung up; a probe only confines workers."""
    shell, versions = None, {}
    if not probe:
        from . import agent  # the expensive imports

        shell, versions = agent.warm_up(), agent.versions()
    limits.set_dumpable(False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps supervisors
    control = socket.socket(fileno=control_descriptor)
    control.send(ENCODER.encode(Started(versions)))
    controls = [control]
    while controls:
        for ready in select.select(controls, [], [])[0]:
            message, descriptors = _receive(ready)
            if not message:
                controls.remove(ready)
                ready.close()
                continue
            request = ToZygote.decode(message)
            if isinstance(request, Attach):
                controls.append(socket.socket(fileno=descriptors[0]))
                continue
            _assert_single_thread()
            if os.fork() == 0:
                for other in controls:
                    other.close()
                _supervise(request, shell, socket.socket(fileno=descriptors[0]), socket.socket(fileno=descriptors[1]))
            for descriptor in descriptors:
                os.close(descriptor)


def _supervise(request: Spawn, shell: "NotebookShell | None", data: socket.socket, report: socket.socket) -> None:
    """Life of the supervisor: fork the worker behind its walls, report on it, outlive it, leave nothing behind."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        zygote = os.getppid()
        limits.die_with_parent(zygote)
        limits.adopt_orphans()
        others = _count_processes() if request.level in ("bubblewrap", "landlock") else 0
        scratch = Path(tempfile.mkdtemp(prefix="worker-")) if request.level != "nested" else Path("/tmp")
        try:
            if request.level == "nested":
                limits.set_dumpable(True)  # else its own uid_map is not its own to write
                limits.enter_namespaces()
            reading, writing = os.pipe()
            supervisor = os.getpid() if request.level != "nested" else 0  # pid 1 cannot see its parent's number
            worker = os.fork()
            if worker == 0:
                os.close(reading)
                report.close()
                _work(request, shell, data, writing, supervisor, scratch, others)
            limits.set_dumpable(False)
            os.close(writing)
            data.close()
            refused = os.read(reading, REPORT_LIMIT)
            os.close(reading)
            report.send(ENCODER.encode(Refused(refused.decode(errors="replace")) if refused else Confined()))
            _watch(worker, report)
        finally:
            if request.level != "nested":
                limits.remove_scratch(scratch)
        code = 0
    except OSError as error:
        report.send(ENCODER.encode(Refused(str(error))))
    finally:
        os._exit(code)


def _work(
    request: Spawn,
    shell: "NotebookShell | None",
    data: socket.socket,
    writing: int,
    supervisor: int,
    scratch: Path,
    others: int,
) -> None:
    """Life of the worker: take every step of the level, then serve the grader."""
    try:
        limits.die_with_parent(supervisor)
        released = Path(request.released)
        if request.level != "none":
            limits.limit_resources(request.memory, request.cpu_seconds, others)
        if request.level == "nested":
            limits.mount_scratch()
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        work = limits.make_work_folder(scratch, released)
        if request.level != "none":
            readable = [Path(entry) for entry in os.environ["SANDBOX_READABLE"].split(os.pathsep)]
            devices = [Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"), Path("/dev/random")]
            own = [scratch, Path("/dev/shm")] if request.level == "nested" else [scratch]
            limits.restrict_files([*readable, released], [*own, *devices])
            limits.drop_privileges()
            limits.deny_system_calls()
        if request.level == "nested":
            limits.set_dumpable(True)  # its supervisor alone can see it, and measures its memory
        os.close(writing)
    except BaseException as error:
        os.write(writing, f"{type(error).__name__}: {error}".encode()[:REPORT_LIMIT])
        os._exit(1)
    limits.close_descriptors(data.fileno())
    if shell is not None:
        from . import agent

        agent.serve(data, shell, work)
    os._exit(0)


def _watch(worker: int, report: socket.socket) -> None:
    """Answer the grader's queries until the worker ends or the grader hangs up; then kill whatever is left."""
    ended = os.pidfd_open(worker)
    base = _proportional_memory(worker)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(report, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if report.fileno() in ready:
            message = report.recv(REPORT_LIMIT)
            if not message:
                break
            ToSupervisor.decode(message)
            family = _family(worker)
            used = sum(_cpu_seconds(process) for process in family)
            report.send(ENCODER.encode(Usage(used, sum(map(_proportional_memory, family)) - base)))
        elif ended in ready:
            break
    os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    for _ in range(1000):  # whatever it forked is ours now; each round kills a generation
        family = _family(os.getpid())[1:]
        if not family:
            break
        for process in family:
            _kill(process)
        _reap()
    try:
        report.send(ENCODER.encode(Ended(os.waitstatus_to_exitcode(status))))
    except OSError:
        return  # the grader has hung up, nobody wants to know


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        return


def _family(process: int) -> list[int]:
    """A process and all its descendants."""
    found = [process]
    for member in found:
        try:
            found.extend(int(child) for child in Path(f"/proc/{member}/task/{member}/children").read_text().split())
        except OSError:
            continue
    return found


def _cpu_seconds(process: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _proportional_memory(process: int) -> int:
    """Bytes of a process, shared pages by their share; where that is not shown, its own anonymous and shared pages."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def _count_processes() -> int:
    """How many processes this account has already: rlimits count them too."""
    user = os.getuid()
    count = 0
    for entry in Path("/proc").iterdir():
        try:
            count += entry.name.isdigit() and entry.stat().st_uid in (user, 0)
        except OSError:
            continue
    return count


def _assert_single_thread() -> None:
    if len(os.listdir("/proc/self/task")) != 1:
        raise SystemExit("the zygote has more than one thread: forking it would deadlock a worker")


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize
    message, ancillary, _, _ = control.recvmsg(REPORT_LIMIT, socket.CMSG_SPACE(2 * size))
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) // size * size])
    return message, list(descriptors)


if __name__ == "__main__":
    # One malloc arena and no core files: the zygote's own limits, inherited by all.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).mallopt(-8, 1)
    main(int(sys.argv[1]), probe="probe" in sys.argv[2:])
