"""The Dask executor: submissions go out to the workers of a cluster, outcomes come back, both as data.

Dask places the submissions, and places them again when a worker is lost. A submission over which workers were lost
again and again may have had bad neighbours; it is graded once more, alone, before it is recorded as a fault of ours.
"""

import asyncio
import logging
import signal
import sys
import threading
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

import msgspec
from distributed import Client, KilledWorker, Security, rpc
from tqdm import tqdm

from autograder import __version__
from autograder.course import Assignment, Course
from autograder.edition import describe_edition
from autograder.errors import GraderError
from autograder.executors.worker import Order, grade_order
from autograder.grading import read_salt
from autograder.grading_service import Reply
from autograder.intake import Job
from autograder.pool import Outcome, own_fault, read_notebook
from autograder.sandbox.isolation import Level

CONNECT_SECONDS = 15.0
LOOK_SECONDS = 5.0  # between looks at the cluster while nothing comes back
QUEUED = 2  # submissions on their way for each thread of the cluster: none waits for the next, few are in memory
LEAST = 4  # so many even without a worker: clusters that grow by need must see some
LOST_WORKERS = "its Dask workers ended again and again over this submission, the last time with no other beside it"

_REPLY = msgspec.msgpack.Decoder(Reply)


class ClusterExecutor:
    """Grades by a cluster's workers, as many submissions at a time as it has threads."""

    def __init__(self, level: Level, scheduler: str) -> None:
        self._level, self._scheduler = level, scheduler

    def prepare(self, course: Course) -> None:
        """GraderError if no scheduler answers."""
        self._connect().close()

    def grade(self, assignment: Assignment, jobs: Sequence[Job], collect: Callable[[Iterator[Outcome]], None]) -> None:
        """Have an assignment's jobs graded; what is still out there when this ends early, the scheduler forgets."""
        with self._connect() as client, _Interrupt() as interrupt:
            collect(_Errand(client, self._scheduler, assignment, self._level, interrupt).run(jobs))

    def _connect(self) -> Any:
        for name in ("distributed", "distributed.client"):  # what their tracebacks tell, our errors say in a line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            asyncio.run(asyncio.wait_for(_knock(self._scheduler), CONNECT_SECONDS))
            return Client(  # type: ignore[no-untyped-call]
                self._scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="autograder"
            )
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            reason = " ".join(str(error).split()) or f"no answer in {CONNECT_SECONDS:g} s"
            raise GraderError(
                f"--scheduler {self._scheduler}: expected a Dask scheduler, got: {reason}; is it running, and is the "
                "address the one that `dask scheduler` prints (tcp://… or tls://…)?"
            ) from None


async def _knock(address: str) -> None:
    """Ask a scheduler who it is. Client's own time-out does not bound its handshake: somebody silent would hold it."""
    arguments = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    async with rpc(address, connection_args=arguments) as scheduler:  # type: ignore[no-untyped-call]
        await scheduler.identity()


class _Interrupt:
    """Remembers a Ctrl-C: Python drops the KeyboardInterrupt if it comes while a finaliser (of Dask's) is at work."""

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None

    def __enter__(self) -> "_Interrupt":
        if threading.current_thread() is threading.main_thread():  # no other can have signals
            self._before = signal.getsignal(signal.SIGINT)
            if callable(self._before):
                signal.signal(signal.SIGINT, self._remember)
        return self

    def __exit__(self, *_: object) -> None:
        if callable(self._before):
            signal.signal(signal.SIGINT, self._before)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._came = True
        self._before(number, frame)

    def check(self) -> None:
        """Raise the KeyboardInterrupt that came."""
        if self._came:
            raise KeyboardInterrupt


class _Errand:
    """One assignment's submissions, sent out and collected."""

    def __init__(
        self, client: Any, scheduler: str, assignment: Assignment, level: Level, interrupt: _Interrupt
    ) -> None:
        self._client, self._scheduler, self._assignment, self._level = client, scheduler, assignment, level
        self._interrupt = interrupt
        self._salt, self._edition = read_salt(assignment.root), describe_edition(assignment)
        self._told = False

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """All outcomes, in the order in which they are done."""
        blamed: list[Job] = []
        yield from self._send(jobs, blamed)
        for job in blamed:
            guilty: list[Job] = []
            yield from self._send([job], guilty)
            if guilty:
                yield own_fault(self._assignment, job, LOST_WORKERS)

    def _send(self, jobs: Sequence[Job], blamed: list[Job]) -> Iterator[Outcome]:
        """Outcomes of those jobs over which no workers were lost too often; those are added to `blamed`."""
        waiting, running = deque(jobs), dict[str, tuple[Any, Job]]()
        done: SimpleQueue[str] = SimpleQueue()
        while waiting or running:
            self._interrupt.check()
            room = self._room() - len(running)
            while waiting and room > 0:
                job = waiting.popleft()
                notebook = read_notebook(self._assignment, job)
                if isinstance(notebook, Outcome):
                    yield notebook
                    continue
                future = self._submit(job, notebook)
                running[future.key] = future, job
                future.add_done_callback(lambda future: done.put(future.key))
                room -= 1
            try:
                future, job = running.pop(done.get(timeout=LOOK_SECONDS if running else 0))
            except Empty:
                continue
            outcome = self._receive(future, job)
            if outcome is None:
                blamed.append(job)
            else:
                yield outcome

    def _room(self) -> int:
        """How many submissions may be on their way."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except (OSError, CancelledError, RuntimeError) as error:
            raise self._lost(error) from None
        if not threads and not self._told:
            self._told = True
            tqdm.write(
                f"autograder: the scheduler {self._scheduler} has no workers; waiting for some (dask worker "
                f"{self._scheduler}). Ctrl-C ends this, what is done is kept",
                file=sys.stderr,
            )
        return max(QUEUED * threads, LEAST)

    def _submit(self, job: Job, notebook: bytes) -> Any:
        order = Order(self._edition, self._level, self._salt, job, notebook)
        name = f"grade-{self._assignment.name}-{uuid.uuid4().hex}"  # not the student's: keys are in logs and dashboards
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Sending large graph")  # a notebook, once, to one worker
                return self._client.submit(grade_order, order, key=name, pure=False)
        except (OSError, CancelledError, RuntimeError) as error:
            raise self._lost(error) from None

    def _receive(self, future: Any, job: Job) -> Outcome | None:
        """The outcome of a job, None if workers were lost over it; GraderError if one is not fit to grade."""
        try:
            reply = _REPLY.decode(future.result())
        except KilledWorker:
            return None
        except (OSError, CancelledError) as error:
            raise self._lost(error) from None
        except Exception as error:  # whatever those say who cannot even read an order
            raise GraderError(
                f"--scheduler {self._scheduler}: {type(error).__name__}: {error}; the scheduler and all workers need "
                f"gan-autograder {__version__}, as it is installed here"
            ) from None
        if reply.trouble:
            raise GraderError(f"--scheduler {self._scheduler}: {reply.trouble}")
        if reply.grade is None:
            return own_fault(self._assignment, job)
        return Outcome(reply.grade, reply.notebook, reply.answers)

    def _lost(self, error: BaseException) -> GraderError:
        return GraderError(
            f"--scheduler {self._scheduler}: the connection is lost ({type(error).__name__}); what is done is kept: "
            "start the scheduler again and run the same command again"
        )
