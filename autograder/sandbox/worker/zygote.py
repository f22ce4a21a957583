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
import gc
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path

from . import limits, released, reports, supervisor


def main(control_descriptor: int, probe: bool) -> None:
    """Import, say so, and serve until every grading process has hung up; a probe only confines workers."""
    shell, versions = None, {}
    if not probe:
        from . import agent  # the expensive imports

        shell, versions = agent.warm_up(), agent.versions()
        gc.collect()
        gc.freeze()  # else each worker would copy all of this memory to look for garbage in it
    limits.set_dumpable(False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps supervisors
    control = socket.socket(fileno=control_descriptor)
    control.send(reports.ENCODER.encode(reports.Started(versions)))
    controls = [control]
    spent = time.process_time()
    while controls:
        for ready in select.select(controls, [], [])[0]:
            message, descriptors = _receive(ready)
            if not message:
                controls.remove(ready)
                ready.close()
                continue
            request = reports.ToZygote.decode(message)
            if isinstance(request, reports.Attach):
                controls.append(socket.socket(fileno=descriptors[0]))
                continue
            if not probe:
                released.compile_modules(Path(request.released))
            _assert_single_thread()
            own, spent = time.process_time() - spent, time.process_time()  # what the last fork cost
            zygote = os.getpid()
            if os.fork() == 0:
                for other in controls:
                    other.close()
                data, report = (socket.socket(fileno=descriptor) for descriptor in descriptors)
                supervisor.supervise(request, shell, data, report, zygote, own)
            for descriptor in descriptors:
                os.close(descriptor)


def _assert_single_thread() -> None:
    if len(os.listdir("/proc/self/task")) != 1:
        raise SystemExit("the zygote has more than one thread: forking it would deadlock a worker")


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize
    message, ancillary, _, _ = control.recvmsg(reports.REPORT_LIMIT, socket.CMSG_SPACE(2 * size))
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
