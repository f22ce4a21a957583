"""Which exercises a change can touch: those that name what it defines, through cells between, and no other."""

from pathlib import Path

import pytest

from autograder.audit.cases import find_touched
from autograder.course import Assignment, Exercise, Limits
from autograder.submission import PlannedCell, Submission

CELLS = {
    "loss": "def loss(x):\n    return x\n\n\nWEIGHT: float = 10",
    "size": "def size(x):\n    # no loss here\n    return len(x)",
    "": "class Player:\n    share = size",
    "step": "def step(x):\n    return loss(x)",
    "train": "def train(x):\n    return step(x) + Player.share",
    "weigh": "def weigh(x):\n    return WEIGHT * x",
    "draw": "def draw():\n    return 4",
}
PLANNED = tuple(PlannedCell(name or "setup", name or None, source, "all") for name, source in CELLS.items())
SOLUTION = Submission(PLANNED, (), (), {}, {})


@pytest.mark.parametrize(
    ("changed", "touched"),
    [
        ("loss", {"loss", "step", "train", "weigh"}),
        ("size", {"size", "train"}),
        ("step", {"step", "train"}),
        ("draw", {"draw"}),
    ],
)
def test_change_touches_whoever_names_what_it_defines(tmp_path, changed, touched):
    assert find_touched(at(tmp_path), SOLUTION, changed) == touched


def test_hidden_tests_count_as_part_of_their_exercise(tmp_path):
    assignment = at(tmp_path)
    assignment.suite.mkdir(parents=True)
    (assignment.suite / "test_weigh.py").write_text("submission.call('draw')\n")
    assert find_touched(assignment, SOLUTION, "draw") == {"draw", "weigh"}


def at(root: Path) -> Assignment:
    exercises = tuple(Exercise(name, name, 1, (name,), False, 1) for name in CELLS if name)
    return Assignment(root, "tiny", "Tiny", 1, exercises, (), Limits(1, 1, 1))
