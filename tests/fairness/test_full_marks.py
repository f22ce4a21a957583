"""The grader's half: every mangled-but-right notebook gets every point, in the sandbox."""

from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.grading import grade_submission
from autograder.master import load_master
from autograder.plugin import Suite, open_suite
from autograder.results import Grade
from autograder.sandbox.launch import Sandbox
from autograder.submission import read_submission
from tests.fairness.manglers import MANGLERS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def grades() -> dict[str, Grade]:
    """The right notebook of `vanilla_gan`, graded after each kind of mangling."""
    assignment = load_course(ROOT).assignment("vanilla_gan")
    master = load_master(assignment)
    right = (assignment.source / "vanilla_gan.ipynb").read_bytes()
    found: dict[str, Grade] = {}

    def grade_all(suite: Suite) -> None:
        with Sandbox("nested", assignment.release.parent) as sandbox:
            for name, mangle in MANGLERS.items():
                found[name] = grade_submission(suite, sandbox, read_submission(mangle(right), master), student=name)

    open_suite(assignment, "", grade_all)
    return found


@pytest.mark.parametrize("name", MANGLERS)
def test_mangled_but_right_notebook_gets_every_point(grades, name):
    lost = {result.id: result.score for result in grades[name].exercises if result.score != result.max_score}
    assert lost == {}
