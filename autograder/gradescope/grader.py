"""The process that grades one submission in Gradescope's container, and tells the one that writes results.json.

It opens the suite, starts the sandbox at the strongest level that the container allows, and reports over a socket: the
level, each exercise as it finishes, the grade; or why it cannot work here.
"""

import signal
import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import torch

from autograder.choice import choose_answered
from autograder.course import Assignment, load_course
from autograder.doctor import try_level
from autograder.errors import AutograderError, GraderError
from autograder.gradescope.layout import read_settings
from autograder.gradescope.reports import JOB, Report
from autograder.grading import read_salt
from autograder.master import load_master
from autograder.plugin import Suite, open_suite
from autograder.pool import grade_job
from autograder.sandbox.isolation import LEVELS, Level
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.memory import check_memory, given_megabytes

LEAST_WORKER_MB = 160


def resident_mb(cuda: str | None) -> int:
    """What all processes but the worker take, by torch's version of CUDA, if any; measured with 2.13 and 2.14."""
    return 580 if cuda is None else 900


RESIDENT_MB = resident_mb(torch.version.cuda)


def choose_level() -> Level:
    """The strongest level that works here; GraderError, with what each lacks, if none does."""
    lacks = []
    for level in LEVELS[: LEVELS.index("none")]:
        problem = try_level(level)
        if not problem:
            return level
        lacks.append(problem)
    raise GraderError(f"isolation: this container allows no level at all, so nothing was run: {'; '.join(lacks)}")


def fit_memory(assignment: Assignment, given: int) -> Assignment:
    """The assignment with a memory limit that the container can keep; GraderError if too little is left for it."""
    left = given - RESIDENT_MB
    if left < LEAST_WORKER_MB:
        raise GraderError(
            f"memory: expected {RESIDENT_MB + LEAST_WORKER_MB} MB at least, this container has {given} MB; give it "
            "more in the assignment's Autograder Settings on Gradescope"
        )
    return replace(assignment, limits=replace(assignment.limits, memory_mb=min(assignment.limits.memory_mb, left)))


def main() -> None:
    """Grade one submission; the arguments are the descriptor of the socket and the course's folder."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an exception: the sandbox is closed on its way
    with Connection(int(sys.argv[1])) as line:
        try:
            _grade(line, Path(sys.argv[2]))
        except AutograderError as error:
            _send(line, Report(trouble=str(error)))


def _grade(line: Connection, folder: Path) -> None:
    job = JOB.decode(line.recv_bytes())
    course = load_course(folder)
    check_memory()
    assignment = fit_memory(course.assignment(read_settings(folder).assignment), given_megabytes())
    level, master = choose_level(), load_master(assignment)
    job = choose_answered(job, master)

    def grade(suite: Suite) -> None:
        with Sandbox(level, assignment.release.parent) as sandbox:
            _send(line, Report(level=level))
            outcome = grade_job(suite, sandbox, master, job, lambda result: _send(line, Report(exercise=result)))
            _send(line, Report(grade=outcome.grade))

    open_suite(assignment, read_salt(course.root), grade)


def _send(line: Connection, report: Report) -> None:
    line.send_bytes(msgspec.msgpack.encode(report))


if __name__ == "__main__":
    main()
