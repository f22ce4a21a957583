"""Loaded into the Dask workers of these tests: traps before the function that hands a submission to a grading process.

The submission of one student ends the worker that is given it; a student's whose lock another process holds waits.
"""

import os
import signal
from pathlib import Path

from filelock import FileLock

from autograder.executors import worker

DEADLY = "deadly"
HELD = "HELD_SUBMISSIONS"  # names the folder of the locks, in the environment of the workers


def lock_of(folder: Path, student: str) -> FileLock:
    """Who has it keeps the student's submission from being graded."""
    return FileLock(folder / f"{student}.lock")


def dask_setup(_: object) -> None:
    """Put them there."""
    grade, folder = worker._grade, Path(os.environ[HELD])

    def grade_unless_trapped(order: worker.Order) -> worker.Reply:
        if order.job.student == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        with lock_of(folder, order.job.student):
            return grade(order)

    worker._grade = grade_unless_trapped
