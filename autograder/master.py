"""What the grader knows of an assignment's release: the cells that a submission is read beside."""

import json

from autograder.course import Assignment
from autograder.errors import AuthorError
from autograder.submission import Master, read_master


def load_master(assignment: Assignment) -> Master:
    """The reader's view of the release."""
    path = assignment.release / f"{assignment.name}.ipynb"
    if not path.is_file():
        raise AuthorError(f"{path}: expected the released notebook, found none; run autograder build {assignment.name}")
    return read_master(json.loads(path.read_bytes()))
