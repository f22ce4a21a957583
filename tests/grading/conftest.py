"""A course of one exercise, built, with a hidden suite: graded for real, in the sandbox."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import release
from autograder.course import Assignment, Course, load_course
from autograder.grading import grade_submission
from autograder.master import load_master
from autograder.plugin import Suite, open_suite
from autograder.results import Grade
from autograder.sandbox.launch import Sandbox
from autograder.submission import read_submission

PROJECT = """\
[project]
name = "small-course"
dependencies = ["torch>=2.4"]

[tool.autograder]
"""

DESCRIPTION = """\
title = "Small"
order = 1

[limits]
cell_seconds = 1.0
total_seconds = 10.0
memory_mb = 512

[[exercise]]
id = "double"
title = "Double"
points = 3
entry_points = ["double"]
cpu_seconds = 0.5

[[exercise]]
id = "halve"
title = "Halve"
points = 2
entry_points = ["halve"]
cpu_seconds = 0.5

[[exercise]]
id = "reason"
title = "Reason"
points = 1
manual = true
"""

TEXT = '''\
# %% setup="imports"
import torch

# %% exercise="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return torch.add(x, x)
    ### END SOLUTION

# %% check="double"
assert double(torch.ones(())) == 2

# %% exercise="halve"
def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return torch.div(x, 2.0)
    ### END SOLUTION

# %% check="halve"
assert halve(torch.ones(())) == 0.5

# %% training="train"
while True:
    double(torch.ones(()))

# %% [markdown] question="reason"
# Why?
#
# ### BEGIN SOLUTION
# Because it is so, and every reader of this course has seen it.
# ### END SOLUTION
'''

TEST_DOUBLE = '''\
import pytest
import torch

from autograder.compare import expect_close


@pytest.mark.points(2)
def test_values(submission, rng):
    """Twice the input"""
    x = torch.randn(5, generator=rng)
    expect_close(submission.call("double", x).tensor((5,)), 2 * x, "double", mistakes={"Did you square?": x * x})


@pytest.mark.points(1)
def test_gradient(submission, rng):
    """The gradient is two"""
    x = torch.randn(5, generator=rng)
    _, (gradient,) = submission.vjp("double", x, cotangent=torch.ones(5))
    expect_close(gradient, torch.full((5,), 2.0), "its gradient")
'''

TEST_HALVE = '''\
import pytest
import torch

from autograder.compare import expect_close


@pytest.mark.points(2)
def test_values(submission, rng):
    """Half the input"""
    x = torch.randn(5, generator=rng)
    expect_close(submission.call("halve", x).tensor((5,)), x / 2, "halve")
'''


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course, built."""
    root = tmp_path_factory.mktemp("course")
    files = {
        "pyproject.toml": PROJECT,
        "assignments/course.py": '"""Nothing yet."""\n',
        "assignments/small/assignment.toml": DESCRIPTION,
        "assignments/small/small.py": TEXT,
        "autograder/submission.py": '"""Reads a submission."""\n',
        "autograder/suites/small/test_double.py": TEST_DOUBLE,
        "autograder/suites/small/test_halve.py": TEST_HALVE,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    release.build(load_course(root), [])
    return load_course(root)


@pytest.fixture(scope="session")
def small(course: Course) -> Assignment:
    return course.assignment("small")


@pytest.fixture(scope="session")
def sandbox(course: Course) -> Iterator[Sandbox]:
    """One zygote for all tests that need no other."""
    with Sandbox("nested", course.root / "release") as running:
        yield running


@pytest.fixture
def write_notebook(small: Assignment) -> Callable[..., bytes]:
    """write_notebook(double="…", halve="…"): a submission with these cells; the rest is the release."""

    def write(**sources: str) -> bytes:
        notebook: dict[str, Any] = json.loads((small.release / "small.ipynb").read_bytes())
        for cell in notebook["cells"]:
            cell["source"] = sources.get(cell["id"], cell["source"])
        return json.dumps(notebook).encode()

    return write


RIGHT = {"double": "def double(x):\n    return 2 * x", "halve": "def halve(x):\n    return x / 2"}


@pytest.fixture
def grade(small: Assignment, sandbox: Sandbox, write_notebook: Callable[..., bytes]) -> Callable[..., Grade]:
    """grade(double="…", …): the Grade of a submission whose other exercises are right."""

    def run(**sources: str) -> Grade:
        found: list[Grade] = []
        submission = read_submission(write_notebook(**{**RIGHT, **sources}), load_master(small))

        def body(suite: Suite) -> None:
            found.append(grade_submission(suite, sandbox, submission, student="ada"))

        open_suite(small, "", body)
        return found[0]

    return run


@pytest.fixture
def hand_in(tmp_path: Path, write_notebook: Callable[..., bytes]) -> Callable[..., Path]:
    """hand_in("ada", double="…"): writes submitted/ada/small/small.ipynb, right but for these cells; the folder."""

    def write(student: str, **sources: str) -> Path:
        folder = tmp_path / "submitted" / student / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "small.ipynb").write_bytes(write_notebook(**{**RIGHT, **sources}))
        os.utime(folder / "small.ipynb", (1_700_000_000, 1_700_000_000))
        return tmp_path / "submitted"

    return write
