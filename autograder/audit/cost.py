"""What grading costs: CPU seconds of the grader and of all that is spent behind the wall."""

import time

from autograder.audit.bench import Bench
from autograder.errors import AuthorError
from autograder.grading import open_session
from autograder.plugin import Suite
from autograder.sandbox.launch import Sandbox
from autograder.submission import Submission


def measure_cost(suite: Suite, sandbox: Sandbox, submission: Submission) -> float:
    """CPU seconds that one submission costs, which must be right: a wrong one costs less."""
    begun = time.process_time()
    session = open_session(sandbox, suite.assignment, submission)
    try:
        session.run_cells()
        for exercise in suite.assignment.graded:
            lost = [test.name for test in suite.run_exercise(exercise, session) if test.status != "passed"]
            if lost:
                raise AuthorError(
                    f"{suite.assignment.name}: a right submission lost points in {lost}: its cost is none"
                )
    finally:
        session.close()
    return time.process_time() - begun + session.cpu_seconds


def measure_tests(bench: Bench, samples: int = 1) -> float:
    """CPU seconds that an exercise's tests of its solution cost, the mean of some runs; AuthorError if one fails.

    The worker's part is counted in ticks of 10 ms: more runs say it finer.
    """
    bench.put(bench.solution)
    begun = time.process_time() + bench.spent
    for _ in range(samples):
        for test in bench.run_tests():
            if test.status != "passed":
                place = f"{bench.suite.assignment.name}: {bench.exercise.id}"
                raise AuthorError(f"{place}: its solution fails by the cells above it: {test.name}: {test.message}")
    return (time.process_time() + bench.spent - begun) / samples
