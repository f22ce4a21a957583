"""Ours: one worker at the default isolation, everything that a submission costs.

Counted is the grader from the notebook's bytes to record and feedback on disk, and all that is spent behind the wall:
fork, walls, cells, tests, kill.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import GraderError
from autograder.feedback import write_feedback
from autograder.grading import grade_submission, open_session
from autograder.master import load_master
from autograder.plugin import Suite
from autograder.results import encode_grade, result_path, write_whole
from autograder.sandbox.launch import Sandbox
from autograder.submission import read_submission
from benchmarks.costs import Cost, Measure, Sample

ISOLATION = "nested"


@contextmanager
def open_ours(suite: Suite) -> Iterator[Measure]:
    """A sandbox of the default level, one submission at a time."""
    assignment = suite.assignment
    master = load_master(assignment)
    grades = {}
    with tempfile.TemporaryDirectory() as name, Sandbox(ISOLATION, assignment.release.parent) as sandbox:
        out = Path(name)

        def measure(sample: Sample) -> Cost:
            if sample.path not in grades:
                submission = read_submission(sample.path.read_bytes(), master)
                grades[sample.path] = grade_submission(suite, sandbox, submission, student="bench")
            grade = grades[sample.path]
            begun, clock = time.process_time(), time.monotonic()
            submission = read_submission(sample.path.read_bytes(), master)
            session = open_session(sandbox, assignment, submission)
            try:
                session.run_cells()
                tests = [test for exercise in assignment.graded for test in suite.run_exercise(exercise, session)]
            finally:
                session.close()
            write_whole(result_path(out, "bench", assignment.name), encode_grade(grade))
            write_feedback(out, grade, assignment, submission.answers)
            points = sum(test.points for test in tests)
            if points != grade.score:
                raise GraderError(f"{sample.path}: expected {grade.score} points as a moment ago, got {points}")
            return Cost(time.process_time() - begun + session.cpu_seconds, time.monotonic() - clock, points)

        yield measure
