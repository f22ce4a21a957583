"""What a Dask worker does: hand a submission to a grading process of its own, and its reply back.

Dask runs tasks in threads of a pool, under a process that may have no children of multiprocessing's. A sandbox dies
with the thread that started it; so each is started by a grading process (grading_service.py), in its main thread. That
process is kept between tasks, ends by itself when nothing is asked of it, and at once when its Dask worker ends,
however that comes about. Dask pickles what goes in, which is ours; what comes out is bytes, and decoded by type.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import msgspec
from distributed import get_worker

from autograder import __version__
from autograder.course import find_root, load_course
from autograder.errors import AutograderError, GraderError
from autograder.grading_service import GradingService, Reply
from autograder.intake import Job
from autograder.sandbox.isolation import Level


@dataclass(frozen=True)
class Order:
    """One submission to grade. Dask may log what it is given: names, notebook and salt are not shown."""

    edition: dict[str, str]
    level: Level
    salt: str = field(repr=False)
    job: Job = field(repr=False)
    notebook: bytes = field(repr=False)


@dataclass
class _Waiting:
    """Grading processes that nobody uses at the moment, by what they were started for; a thread takes one."""

    services: dict[bytes, list[GradingService]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_waiting = _Waiting()


def grade_order(order: Order) -> bytes:
    """Grade a submission; whatever goes wrong is in the reply, since Dask would log an exception with its arguments."""
    try:
        reply = _grade(order)
    except AutograderError as error:
        reply = Reply(trouble=f"worker {get_worker().address}: {error}")
    return msgspec.msgpack.encode(reply)


def _grade(order: Order) -> Reply:
    expected = order.edition["autograder"]
    if expected != __version__:  # before anything else is read of an order that another version wrote
        raise GraderError(f"expected gan-autograder {expected}, found {__version__}; install the same version there")
    with _borrow_service(order) as service:
        return service.grade(order.job, order.notebook) or Reply()


@contextmanager
def _borrow_service(order: Order) -> Iterator[GradingService]:
    """A grading process for orders of this kind, of this thread alone until it is given back."""
    kind = msgspec.msgpack.encode([order.edition, order.level, order.salt, order.job.assignment])
    with _waiting.lock:
        for services in _waiting.services.values():
            services[:] = [service for service in services if service.is_running()]
        idle = _waiting.services.setdefault(kind, [])
        service = idle.pop() if idle else None
    if service is None:
        assignment = load_course(find_root(Path.cwd())).assignment(order.job.assignment)
        service = GradingService(assignment, order.level, salt=order.salt, edition=order.edition)
    yield service
    with _waiting.lock:
        idle.append(service)
