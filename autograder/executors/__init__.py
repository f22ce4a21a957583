"""Where submissions are graded: on this machine (local.py), or by the workers of a Dask cluster (cluster.py).

An executor turns jobs into outcomes, and knows nothing of records, feedback and gradebooks: batch.py writes those,
the same whoever graded. Dask workers import this package too, so that it brings neither torch nor Dask along.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from autograder.course import Assignment, Course
from autograder.errors import GraderError
from autograder.intake import Job
from autograder.sandbox.isolation import Level

if TYPE_CHECKING:
    from autograder.pool import Outcome

EXECUTORS = ("local", "dask")


class Executor(Protocol):
    """What a class is graded by."""

    def prepare(self, course: Course) -> None:
        """Before anything else happens: GraderError if it cannot grade at all."""
        ...

    def grade(
        self, assignment: Assignment, jobs: Sequence[Job], collect: "Callable[[Iterator[Outcome]], None]"
    ) -> None:
        """Hand `collect` the outcomes, one for each job, in the order in which they are done."""
        ...


def choose_executor(name: str, level: Level, workers: int, scheduler: str | None) -> Executor:
    """The executor of that name; GraderError if there is none, or if its address is missing or not asked for."""
    if name not in EXECUTORS:
        raise GraderError(f"--executor: expected {' or '.join(EXECUTORS)}, got {name!r}")
    if name == "local":
        if scheduler is not None:
            raise GraderError(f"--scheduler {scheduler}: expected --executor dask beside it; add that, or leave it out")
        from autograder.executors.local import LocalExecutor

        return LocalExecutor(level, workers)
    if not scheduler:
        raise GraderError("--executor dask: expected --scheduler ADDRESS, what `dask scheduler` prints when it starts")
    try:
        from autograder.executors.cluster import ClusterExecutor
    except ModuleNotFoundError as error:
        raise GraderError(
            f"--executor dask: {error.name} is missing; pip install 'gan-autograder[dask]', here and on the workers"
        ) from None
    return ClusterExecutor(level, scheduler)
