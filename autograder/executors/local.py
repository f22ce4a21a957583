"""The local executor: grading processes on this machine, by pool.py."""

from collections.abc import Callable, Iterator, Sequence

from autograder.course import Assignment, Course
from autograder.grading import read_salt
from autograder.intake import Job
from autograder.master import load_master
from autograder.plugin import Suite, open_suite
from autograder.pool import Outcome, Pool
from autograder.sandbox.isolation import Level
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.memory import check_memory


class LocalExecutor:
    """Grades `workers` submissions at a time."""

    def __init__(self, level: Level, workers: int) -> None:
        self._level, self._workers = level, workers

    def prepare(self, course: Course) -> None:
        """GraderError if this machine is too small, or does not give the level of isolation."""
        check_memory()
        with Sandbox(self._level, course.root / "release", probe=True):
            pass

    def grade(self, assignment: Assignment, jobs: Sequence[Job], collect: Callable[[Iterator[Outcome]], None]) -> None:
        """Collect the suite once, and fork the grading processes from there."""
        master = load_master(assignment)

        def run(suite: Suite) -> None:
            collect(Pool(suite, master, self._level, self._workers).run(jobs))

        open_suite(assignment, read_salt(assignment.root), run)
