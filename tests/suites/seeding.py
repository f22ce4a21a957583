"""All answers of an assignment under other seeds of the hidden inputs, as a function that another process can run."""

from autograder.audit.seeds import Failures, find_answers, judge_answers
from autograder.course import load_course
from autograder.sandbox.launch import Sandbox
from tests.suites.auditing import ROOT

SALTS = ("another course", "yet another course")  # beside the one of this machine, under which all are graded anyway


def judge_all(name: str) -> list[Failures]:
    """Every variant and the solution under two salts; under the first of them also every mutant written by hand."""
    assignment = load_course(ROOT).assignment(name)
    answers = find_answers(assignment, assignment.graded)
    right = [case for case in answers if case.kind != "mutant"]
    with Sandbox("nested", assignment.release.parent) as sandbox:
        return [
            *judge_answers(assignment, sandbox, SALTS[0], answers),
            *judge_answers(assignment, sandbox, SALTS[1], right),
        ]
