"""The end of setup.sh: import everything once, so that it is compiled; open the suite, so that it is known to work."""

import os
from pathlib import Path

from autograder.course import load_course
from autograder.gradescope import grader, run
from autograder.gradescope.layout import read_settings
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.worker.agent import warm_up

PARTS = (run, grader)  # what will run for each submission


def prepare(folder: Path) -> str:
    """Take every step that needs no student and no wall; returns what the zip grades."""
    course = load_course(folder)
    assignment = course.assignment(read_settings(folder).assignment)
    warm_up()
    opened: list[Suite] = []
    open_suite(assignment, read_salt(course.root), opened.append)
    modules = ", ".join(part.__name__ for part in PARTS)
    exercises = len(opened[0].assignment.graded)
    return f"{assignment.name}: {exercises} exercises, {assignment.max_score:g} points; ready: {modules}"


if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "agg"
    print(prepare(run.COURSE))
