"""A whole audit as a function that another process can run."""

from pathlib import Path

from autograder.audit import Case, Verdict, audit, find_cases
from autograder.course import load_course
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.launch import Sandbox

ROOT = Path(__file__).parents[2]


def audit_all(name: str) -> dict[Case, Verdict]:
    """Every case of an assignment, graded in the sandbox."""
    assignment = load_course(ROOT).assignment(name)
    found: dict[Case, Verdict] = {}

    def run(suite: Suite) -> None:
        with Sandbox("nested", assignment.release.parent) as sandbox:
            found.update((verdict.case, verdict) for verdict in audit(suite, sandbox, find_cases(assignment)))

    open_suite(assignment, read_salt(ROOT), run)
    return found
