"""What this machine has, and what to do about what it lacks."""

import importlib.util
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import find_root, load_course
from autograder.errors import AutograderError, GraderError
from autograder.sandbox.isolation import DEFAULT_LEVEL, MEANING, Level

YES, NO, MAYBE = Text("yes", style="green"), Text("no", style="red"), Text("–", style="yellow")


def examine(folder: Path) -> bool:
    """Print a table of what is there; whether grading at the default level will work."""
    table = Table("", "has it", "what was found, or what to do", title="autograder doctor")
    libraries = [_library(table, name) for name in ("torch", "torchvision", "nbgrader", "IPython")]
    levels: tuple[Level, ...] = ("nested", "bubblewrap", "landlock")
    reached = [_level(table, level) for level in levels]
    course = _course(table, folder)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    table.add_row("Chromium", YES if chromium else MAYBE, chromium or "only our own tests of pages need it")
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    return all(libraries) and reached[levels.index(DEFAULT_LEVEL)] and course


def try_level(level: Level) -> str:
    """Take a process through every step of a level; empty if it works, else what failed and what to do."""
    if sys.platform != "linux":
        return f"grading needs Linux, this is {sys.platform}: use WSL2 or a virtual machine"
    from autograder.sandbox.launch import Sandbox

    with tempfile.TemporaryDirectory() as released:
        Path(released).chmod(0o755)
        try:
            with Sandbox(level, Path(released), probe=True):
                return ""
        except GraderError as error:
            return str(error)


def _library(table: Table, name: str) -> bool:
    try:
        found = version(name)
    except PackageNotFoundError:
        table.add_row(name, NO, f"install it: pip install {name.lower()}")
        return False
    present = importlib.util.find_spec(name) is not None
    table.add_row(
        name, YES if present else NO, found if present else f"{found}, but it cannot be imported: install it again"
    )
    return present


def _level(table: Table, level: Level) -> bool:
    problem = try_level(level)
    default = " (default)" if level == DEFAULT_LEVEL else ""
    table.add_row(f"isolation {level}{default}", NO if problem else YES, problem or MEANING[level])
    return not problem


def _course(table: Table, folder: Path) -> bool:
    try:
        course = load_course(find_root(folder))
    except AutograderError as error:
        table.add_row("course", NO, str(error))
        return False
    for assignment in course.assignments:
        released = assignment.release / f"{assignment.name}.ipynb"
        missing = [name for name in assignment.data if not (course.root / "assignments" / "data" / name).exists()]
        if missing:
            table.add_row(assignment.name, NO, f"missing data: {', '.join(missing)}; see assignments/data")
        elif not released.is_file():
            table.add_row(assignment.name, NO, f"not built: run autograder build {assignment.name}")
        else:
            count = len(assignment.graded)
            table.add_row(assignment.name, YES, f"{assignment.title}, {count} graded exercise{'s' * (count != 1)}")
    return True
