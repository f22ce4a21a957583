"""A worker that gets one answer to an exercise after the other: forking one for each would cost more than its tests.

The cells above the exercise have run once. Before each answer, the notebook's names become what they were then, and
the exercise's own raise, so that no answer lives on that of another. What an answer does to an object of a cell above,
or to a library, is not undone: whoever depends on it asks at the end whether the solution still passes there.
"""

from collections.abc import Iterator
from dataclasses import replace

from autograder.course import Exercise
from autograder.plugin import Suite
from autograder.results import TestResult
from autograder.sandbox.launch import Sandbox, WorkerGone
from autograder.sandbox.session import Cell, Session, SessionLimits
from autograder.submission import Submission

REMEMBER = """
def _restore():
    space = globals()
    for name in space.keys() - _above.keys() - {"_above"}:
        del space[name]
    space.update(_above)


def _missing(*args, **kwargs):
    raise NameError("the notebook does not define this")


_above = dict(globals())
"""


class Bench(Session):
    """A session whose worker is kept for the next answer."""

    def __init__(
        self,
        suite: Suite,
        sandbox: Sandbox,
        solution: Submission,
        exercise: Exercise,
        cell_seconds: float | None = None,
    ) -> None:
        """Limits are those of a student's submission, but for the CPU seconds of a cell if they are given."""
        limits = suite.assignment.limits
        allowed = SessionLimits(cell_seconds or limits.cell_seconds, limits.total_seconds, limits.memory_mb << 20)
        own = next(index for index, cell in enumerate(solution.cells) if cell.exercise == exercise.id)
        above = [Cell(cell.id, cell.source, cell.run == "definitions") for cell in solution.cells[:own]]
        above.append(Cell("", REMEMBER))
        names = [name for graded in suite.assignment.graded for name in graded.entry_points]
        super().__init__(sandbox, suite.assignment.name, above, names, allowed)
        self.suite, self.exercise = suite, exercise
        self.solution = solution.cells[own].source
        self._above = above
        self._forget = Cell("", "\n".join(["_restore()", *(f"{name} = _missing" for name in exercise.entry_points)]))

    def put(self, source: str) -> None:
        """Run an answer's cell; if it fails, its definitions still count, as in a student's notebook."""
        answer, definitions = Cell(self.exercise.id, source), Cell(self.exercise.id, source, definitions=True)
        if self.used > self._limits.total_seconds / 2:  # the kernel ends a worker past its total
            self._drop_worker()
        self.used = 0.0
        self._cells = [*self._above, answer]  # for a worker in the place of one that dies
        try:
            if self._worker is None:
                self._start(len(self._above))
            self._run(self._forget)
            if self._run(answer).status != "ok":
                self._cells[-1] = definitions
                self._run(definitions)
            self._ready()
        except WorkerGone:
            self._cells[-1] = definitions
            self._drop_worker()

    def run_tests(self, seconds: float | None = None) -> Iterator[TestResult]:
        """The exercise's tests of the last answer, one by one, each with so many CPU seconds."""
        exercise = self.exercise if seconds is None else replace(self.exercise, cpu_seconds=seconds)
        return self.suite.run_tests(exercise, self)

    @property
    def spent(self) -> float:
        """CPU seconds that the workers have cost so far, in the kernel's ticks of 10 ms."""
        usage = None if self._worker is None else self._worker.query()
        return self.cpu_seconds + (0.0 if usage is None else usage.cpu_seconds)
