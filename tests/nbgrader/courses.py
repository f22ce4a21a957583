"""A course of ours, an nbgrader course beside it, and nbgrader's own commands, run as a user runs them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder import release
from autograder.course import find_root, load_course

ROOT = find_root(Path(__file__).parent)
BIN = Path(sys.executable).parent
SETTINGS = ROOT / "docs" / "nbgrader_config.py"
DUE = "2026-03-01 12:00:00 UTC"

PROJECT = """\
[project]
name = "small-course"
dependencies = ["numpy>=1.26"]

[tool.autograder]
"""

DESCRIPTION = """\
title = "Small"
order = 1

[limits]
cell_seconds = 1.0
total_seconds = 5.0
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
import math

# %% exercise="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION

# %% check="double"
assert double(1) == 2

# %% exercise="halve"
def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2.0
    ### END SOLUTION

# %% check="halve"
assert halve(1) == 0.5

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
def test_zero(submission):
    """Twice nothing is nothing"""
    expect_close(submission.call("double", torch.zeros(2)).tensor((2,)), torch.zeros(2), "double")
'''

# With a mistake of its own: it cannot take an answer of sevens.
TEST_HALVE = '''\
import pytest
import torch

from autograder.compare import expect_close


@pytest.mark.points(2)
def test_values(submission, rng):
    """Half the input"""
    x = torch.randn(5, generator=rng)
    got = submission.call("halve", x).tensor((5,))
    if got[0] == 7:
        raise KeyError("the suite's own mistake")
    expect_close(got, x / 2, "halve")
'''

FILES = {
    "pyproject.toml": PROJECT,
    "assignments/course.py": '"""Nothing yet."""\n',
    "assignments/small/assignment.toml": DESCRIPTION,
    "assignments/small/small.py": TEXT,
    "autograder/submission.py": (ROOT / "autograder" / "submission.py").read_text(),
    "autograder/suites/small/test_double.py": TEST_DOUBLE,
    "autograder/suites/small/test_halve.py": TEST_HALVE,
}
RIGHT = {"double": "def double(x):\n    return 2 * x", "halve": "def halve(x):\n    return x / 2"}
SQUARED = "def double(x):\n    return x * x"

# How a course of nbgrader's takes a point off late work, by nbgrader's own means.
LATE = """
from nbgrader.plugins import LateSubmissionPlugin


class OnePoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c.AssignLatePenalties.plugin_class = OnePoint
"""


@dataclass(frozen=True)
class NbgraderCourse:
    """A folder laid out as nbgrader wants it, and how to run commands in it."""

    folder: Path
    released: dict[str, Any]
    environment: dict[str, str]

    def run(self, *arguments: str, program: str = "nbgrader", code: int = 0) -> str:
        """Run a command in the course, expecting this exit code; what it wrote. The venv is not on the PATH."""
        command = [shutil.which(program, path=f"{BIN}{os.pathsep}{os.environ['PATH']}") or program, *arguments]
        ended = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        text = ended.stdout + ended.stderr
        assert ended.returncode == code, text
        return text

    def write_notebook(self, **sources: str) -> dict[str, Any]:
        """The released notebook, right but for these cells."""
        notebook = json.loads(json.dumps(self.released))
        for cell in notebook["cells"]:
            cell["source"] = {**RIGHT, **sources}.get(cell["id"], cell["source"])
        return notebook

    def hand_in(self, student: str, content: dict[str, Any] | str, name: str = "small.ipynb") -> Path:
        """Write submitted/<student>/small/<name>; the folder."""
        folder = self.folder / "submitted" / student / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return folder

    def rows(self) -> dict[str, dict[str, Any]]:
        """What the gradebook says, by student: scores, penalty, and for each cell its score, review and comment."""
        found = {}
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            for submission in gradebook.assignment_submissions("small"):
                notebook = submission.notebooks[0]
                comments = {comment.name: comment.auto_comment for comment in notebook.comments}
                cells = {
                    grade.name: (grade.auto_score, bool(grade.needs_manual_grade), comments[grade.name])
                    for grade in notebook.grades
                }
                found[submission.student_id] = {
                    "score": submission.score,
                    "penalty": notebook.late_submission_penalty,
                    "timestamp": submission.timestamp,
                    **cells,
                }
        return found


def build_course(root: Path) -> Path:
    """The small course with its hidden suite, built in this folder."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    release.build(load_course(root), [])
    return root


def make_nbgrader_course(home: Path, course: Path, settings: str = "") -> NbgraderCourse:
    """An nbgrader course in `home` for a course of ours, by the settings that we ship, and more; no source yet."""
    folder = home / "course"
    (folder / "source").mkdir(parents=True)
    text = SETTINGS.read_text()
    assert 'course = ""' in text
    (folder / "nbgrader_config.py").write_text(text.replace('course = ""', f"course = {str(course)!r}") + settings)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    folders = [name for name in os.environ["PATH"].split(os.pathsep) if Path(name) != BIN]
    environment |= {"HOME": str(home), "PATH": os.pathsep.join(folders), "IPYTHONDIR": str(home / "ipython")}
    environment |= {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    released = json.loads((course / "release/small/small.ipynb").read_text())
    return NbgraderCourse(folder, released, environment)


def processes_of(folder: Path) -> list[str]:
    """The processes in whose environment this folder stands."""
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and str(folder) in _environment(pid)]


def _environment(pid: str) -> str:
    try:
        return Path("/proc", pid, "environ").read_text(errors="replace")
    except OSError:  # it has ended, or is another's
        return ""
