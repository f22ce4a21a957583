"""A course small enough to read: one exercise, one question, one training cell."""

from pathlib import Path

import pytest

from autograder.course import Assignment, load_course

PROJECT = """\
[project]
name = "tiny-course"
dependencies = ["torch>=2.4", "NumPy>=1.26"]

[project.optional-dependencies]
dev = ["jupyterlab>=4.2", "ipywidgets>=8.1"]

[tool.autograder]
"""

DESCRIPTION = """\
title = "Tiny"
order = 1
data = ["points.csv"]

[[exercise]]
id = "scale"
title = "Scale"
points = 3
entry_points = ["scale"]

[[exercise]]
id = "reason"
title = "Reason"
points = 1.5
manual = true
"""

TEXT = '''\
# %% [markdown]
# # Tiny
# In the end the solution is short.

# %% setup="imports"
import torch

# %% exercise="scale"
def scale(images, factor):
    """Multiply images by a factor.

    Shapes: (n,) -> (n,).
    """
    ### BEGIN SOLUTION
    brightened = torch.as_tensor(images) * factor
    return brightened.clamp(-1.0, 1.0)
    ### END SOLUTION

# %% check="scale"
assert scale([0.5], 2.0) == 1.0

# %% training="train_scale"
for factor in range(3):
    scale([0.1], factor)

# %%
print("shown")

# %%
print("shown")

# %% [markdown] question="reason"
# Why clamp?
#
# ### BEGIN SOLUTION
# Because pictures end at one, and a factor may carry them beyond.
# ### END SOLUTION
'''

REFERENCE = '''\
"""Right values."""

import torch


def scale(images, factor):
    """Multiply images by a factor."""
    product = torch.mul(torch.tensor(images, dtype=torch.float32), float(factor))
    return torch.minimum(torch.maximum(product, -torch.ones(())), torch.ones(()))
'''


@pytest.fixture
def tiny(tmp_path: Path) -> Assignment:
    """The assignment `tiny` of a course in a folder of its own; nothing is built yet."""
    write(tmp_path / "pyproject.toml", PROJECT)
    write(tmp_path / "assignments/course.py", '"""Pictures for every notebook."""\n')
    write(tmp_path / "assignments/data/points.csv", "x,y\n0,1\n")
    write(tmp_path / "assignments/tiny/assignment.toml", DESCRIPTION)
    write(tmp_path / "assignments/tiny/tiny.py", TEXT)
    write(tmp_path / "autograder/submission.py", '"""Reads a submission."""\n')
    write(tmp_path / "autograder/suites/tiny/reference.py", REFERENCE)
    return load_course(tmp_path).assignment("tiny")


@pytest.fixture
def edit():
    """edit(path, old, new) replaces text in a file, and insists that it was there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text, f"{old!r} is not in {path.name}"
        path.write_text(text.replace(old, new))

    return replace


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
