"""otter-grader: `otter run`, its way to grade on this machine without Docker, one process and kernel for each notebook.

The assignment is made of the same cells: each visible check is taken out of the notebook and becomes a test file of
otter's. Training cells run, cut to a few steps by ENVIRONMENT. Otter lives in an environment of its own, which takes
PyTorch and what else notebooks import from the course's.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.course import Assignment
from autograder.errors import GraderError
from benchmarks.costs import Cost, Measure, Sample, ToolMissing, bin_environment, measure_command, run

VERSION = "7.0.0"
TEST_FILE = '''\
OK_FORMAT = False

from otter.test_files import test_case

name = {name!r}
points = {points!r}
SOURCE = {source!r}


@test_case()
def test_visible_check(env):
    """The check that students see below the exercise."""
    exec(SOURCE, env)
'''


def install_otter(folder: Path, constraints: Path) -> Path:
    """The folder of otter's commands, in a virtual environment that is made if it is not there; ToolMissing if not."""
    commands = folder / "bin"
    if not list(folder.glob("lib/python3*/site-packages/course.pth")):
        venv.create(folder, clear=True)
        pip = [sys.executable, "-m", "pip", "--python", str(commands / "python"), "install", "--quiet"]
        pinned = ["--disable-pip-version-check", "--constraint", str(constraints), f"otter-grader=={VERSION}"]
        done = subprocess.run([*pip, *pinned], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no message"]
            raise ToolMissing(f"otter-grader {VERSION} could not be installed into {folder}: {errors[-1]}")
        (site,) = folder.glob("lib/python3*/site-packages")
        # Last: pip must not take the course's packages for its own, and a set-up that was broken off begins anew.
        (site / "course.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return commands


@contextmanager
def open_otter(assignment: Assignment, samples: Sequence[Sample], commands: Path) -> Iterator[Measure]:
    """A temporary otter assignment; `commands` is the folder of otter's commands."""
    environment = bin_environment(commands)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_assignment(assignment, folder)
        files = [path.name for path in assignment.release.iterdir() if path.suffix != ".ipynb"]
        generate = ["otter", "generate", "--tests-dir", "tests", "--output-path", "autograder.zip"]
        run([*generate, "--no-requirements", "--no-environment", *files], folder, environment)
        for sample in samples:
            (folder / _student(sample)).mkdir()
            (folder / _handed_in(assignment, sample)).write_text(without_checks(sample.path))

        def measure(sample: Sample) -> Cost:
            results = folder / _student(sample) / "results.json"
            results.unlink(missing_ok=True)
            command = ["otter", "run", "--autograder", "autograder.zip", "--output-dir", _student(sample)]
            cost, _ = measure_command([*command, "--no-logo", _handed_in(assignment, sample)], folder, environment)
            expect_graded(results, assignment, right=sample.kind == "right")
            return cost

        yield measure


def write_assignment(assignment: Assignment, folder: Path) -> None:
    """Write otter's test files and what the notebook needs beside it."""
    shutil.copytree(assignment.release, folder, dirs_exist_ok=True)
    (folder / "tests").mkdir()
    checks = {
        cell["id"].removesuffix("_check"): "".join(cell["source"])
        for cell in json.loads((assignment.release / f"{assignment.name}.ipynb").read_bytes())["cells"]
        if _is_check(cell)
    }
    for exercise in assignment.graded:
        if exercise.id in checks:
            text = TEST_FILE.format(name=exercise.id, points=exercise.points, source=checks[exercise.id])
            (folder / "tests" / f"{exercise.id}.py").write_text(text)


def without_checks(path: Path) -> str:
    """The notebook as otter's students would hand it in: the checks are files beside it."""
    notebook = json.loads(path.read_bytes())
    notebook["cells"] = [cell for cell in notebook["cells"] if not _is_check(cell)]
    notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(notebook)


def expect_graded(results: Path, assignment: Assignment, *, right: bool) -> None:
    """GraderError unless otter judged every exercise that has a check, and a right notebook got all their points."""
    tests = [test for test in json.loads(results.read_bytes())["tests"] if test.get("max_score")]
    lost = [test["name"] for test in tests if test["score"] < test["max_score"]]
    if not tests or (right and lost):
        raise GraderError(f"{assignment.name}: expected otter to give a right notebook every point, it took {lost}")


def _is_check(cell: dict) -> bool:
    return cell["metadata"].get("autograder", {}).get("role") == "check"


def _student(sample: Sample) -> str:
    return sample.kind.replace(" ", "_")


def _handed_in(assignment: Assignment, sample: Sample) -> str:
    return f"{_student(sample)}/{assignment.name}.ipynb"
