"""nbgrader as it comes: `nbgrader autograde`, a process and a kernel for each notebook.

It runs every cell: the visible checks, and the training cells, which ENVIRONMENT cuts to a few steps. It has no hidden
tests here; they would only add to what it costs.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from autograder.course import Assignment
from autograder.errors import GraderError
from benchmarks.costs import Cost, Measure, Sample, bin_environment, measure_command, run

# Its own limit of 30 s for a cell would stop some on a busy machine.
CONFIGURATION = """\
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ExecutePreprocessor.timeout = 600
"""
VERSION = metadata.version("nbgrader")


@contextmanager
def open_nbgrader(assignment: Assignment, samples: Sequence[Sample]) -> Iterator[Measure]:
    """A temporary nbgrader course in which each sample is a student's."""
    environment = bin_environment()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nbgrader_config.py").write_text(CONFIGURATION)
        shutil.copytree(assignment.source, folder / "source" / assignment.name)
        for sample in samples:
            submitted = folder / "submitted" / _student(sample) / assignment.name
            shutil.copytree(assignment.release, submitted)
            shutil.copy(sample.path, submitted)
        run(["nbgrader", "generate_assignment", assignment.name], folder, environment)

        def measure(sample: Sample) -> Cost:
            command = ["nbgrader", "autograde", assignment.name, "--student", _student(sample), "--force"]
            cost, _ = measure_command(command, folder, environment)
            graded = folder / "autograded" / _student(sample) / assignment.name / f"{assignment.name}.ipynb"
            expect_executed(graded)
            graded.unlink()
            return cost

        yield measure


def expect_executed(path: Path) -> None:
    """GraderError unless every code cell of a notebook has been run: the cost would be that of something else."""
    cells = [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]
    waiting = [cell["source"] for cell in cells if "".join(cell["source"]).strip() and not cell["execution_count"]]
    if waiting or not cells:
        raise GraderError(f"{path}: expected all of {len(cells)} code cells executed, {len(waiting)} are not")


def _student(sample: Sample) -> str:
    return sample.kind.replace(" ", "_")
