"""Loaded into the Dask workers of these tests: the submission of one student ends the worker that is given it."""

import os
import signal

from autograder.executors import worker

STUDENT = "deadly"


def dask_setup(_: object) -> None:
    """Put a trap before the function that hands a submission to a grading process."""
    grade = worker._grade

    def grade_or_die(order: worker.Order) -> worker.Reply:
        if order.job.student == STUDENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return grade(order)

    worker._grade = grade_or_die
