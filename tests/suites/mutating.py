"""All automatic mutants of an assignment as a function that another process can run."""

from autograder.audit import read_solution
from autograder.audit.trials import Mutation, mutate
from autograder.course import load_course
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.launch import Sandbox
from tests.suites.auditing import ROOT


def mutate_all(name: str) -> Mutation:
    """Every automatic mutant of an assignment's solutions, tried in the sandbox."""
    assignment = load_course(ROOT).assignment(name)
    found: list[Mutation] = []

    def run(suite: Suite) -> None:
        with Sandbox("nested", assignment.release.parent) as sandbox:
            found.append(mutate(suite, sandbox, read_solution(assignment), assignment.graded, processes=1))

    open_suite(assignment, read_salt(ROOT), run)
    return found[0]
