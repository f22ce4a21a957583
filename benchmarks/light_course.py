"""A light course: three short exercises of `vanilla_gan` with their own texts, checks and hidden tests.

Cheap enough that ten thousand submissions of it can be graded while one waits; everything else is as in the course.
"""

import json
import shutil
from pathlib import Path

from autograder import release
from autograder.course import Assignment, Course, load_course
from autograder.percent import TextCell, read_text

FROM = "vanilla_gan"
NAME = "light"
EXERCISES = ("sample_noise", "bce_with_logits", "generator_loss")  # none of them needs another
DESCRIPTION = """\
title = "Light"
order = 1

[limits]
cell_seconds = 1.0
total_seconds = 5.0
memory_mb = 512
"""
EXERCISE = """
[[exercise]]
id = {id}
title = {title}
points = {points}
entry_points = {entry_points}
cpu_seconds = 0.5
"""
PROJECT = """\
[project]
name = "light-course"
dependencies = ["torch>=2.4"]

[tool.autograder]
"""


def build_light_course(course: Course, root: Path) -> Assignment:
    """Write and build the course below `root`."""
    whole = course.assignment(FROM)
    exercises = [whole.exercise(name) for name in EXERCISES]
    described = [
        EXERCISE.format(
            id=json.dumps(exercise.id),
            title=json.dumps(exercise.title),
            points=exercise.points,
            entry_points=json.dumps(exercise.entry_points),
        )
        for exercise in exercises
    ]
    texts = [cell for cell in read_text(whole) if cell.role == "setup" or cell.name in EXERCISES]
    _write(root / "pyproject.toml", PROJECT)
    _write(root / "assignments" / NAME / "assignment.toml", "".join([DESCRIPTION, *described]))
    _write(root / "assignments" / NAME / f"{NAME}.py", "\n".join(map(_percent, texts)))
    _write(root / "autograder" / "submission.py", (course.root / "autograder" / "submission.py").read_text())
    for module in (course.root / "assignments").glob("*.py"):
        shutil.copy(module, root / "assignments")
    # A package: so pytest takes its tests for modules of `light`, and leaves `autograder.suites` to the real suites.
    _write(root / "autograder" / "suites" / NAME / "__init__.py", "")
    for name in EXERCISES:
        _write(root / "autograder" / "suites" / NAME / f"test_{name}.py", (whole.suite / f"test_{name}.py").read_text())
    built = load_course(root)
    release.build(built, [])
    return built.assignment(NAME)


def _percent(cell: TextCell) -> str:
    lines = "\n".join(cell.lines).strip("\n")
    return f'# %% {cell.role}="{cell.name}"\n{lines}\n'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
