"""The hidden tests without any wall: notebook and tests in one process. Never do this with a stranger's notebook.

    python -m benchmarks.unwalled ROOT ASSIGNMENT NOTEBOOK   one notebook in a fresh process, as plain pytest does it
    python -m benchmarks.unwalled ROOT ASSIGNMENT            the floor: notebooks named on standard input, in a warm one

Either way a line of JSON for each notebook: CPU seconds, seconds on the clock, points.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import torch

from autograder.course import Assignment, load_course
from autograder.errors import GraderError
from autograder.grading import read_salt
from autograder.master import load_master
from autograder.plugin import Suite, open_suite
from autograder.sandbox.session import Cell
from autograder.sandbox.worker import agent, protocol, shell
from autograder.submission import read_submission
from benchmarks.costs import Cost, Measure, Sample, bin_environment, measure_command

PROJECT = Path(__file__).resolve().parent.parent
CELL_SECONDS = 60.0


class UnwalledSession:
    """The part of Session that a suite uses, in this process."""

    exhausted = False

    def __init__(self, worker: agent.Notebook, cells: Sequence[Cell], entry_points: Sequence[str]) -> None:
        self._worker, self._cells, self._handles = worker, cells, 0
        worker.answer(protocol.Begin(tuple(entry_points)), [])

    def run_cells(self) -> None:
        for cell in self._cells:
            self._worker.answer(protocol.RunCell(cell.source, cell.definitions, CELL_SECONDS), [])
        self._worker.answer(protocol.Ready(), [])

    def begin_test(self, seed: int, cpu_seconds: float) -> None:
        self._handles = 0
        self._worker.answer(protocol.Reset(seed), [])

    def ask(
        self, request: protocol.Request, blobs: list[bytes]
    ) -> tuple[protocol.Done | protocol.Raised, list[bytearray]]:
        with torch.enable_grad():  # a test may ask from within a gradient of its own; a worker would not notice
            result, produced = self._worker.answer(request, [bytearray(blob) for blob in blobs])
        return result, [bytearray(blob) for blob in produced]

    def new_handle(self) -> int:
        self._handles += 1
        return self._handles


@contextmanager
def open_pytest(assignment: Assignment) -> Iterator[Measure]:
    """pytest in a fresh process: imports PyTorch, runs the notebook's cells, then the same tests."""
    program = [sys.executable, "-m", "benchmarks.unwalled", str(assignment.root), assignment.name]

    def measure(sample: Sample) -> Cost:
        cost, output = measure_command([*program, str(sample.path)], PROJECT, bin_environment())
        return replace(cost, points=json.loads(output.splitlines()[-1])["points"])

    yield measure


@contextmanager
def open_floor(assignment: Assignment) -> Iterator[Measure]:
    """The same tests in one warm process."""
    program = [sys.executable, "-m", "benchmarks.unwalled", str(assignment.root), assignment.name]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=PROJECT, env=bin_environment(), stdin=pipe, stdout=pipe, text=True) as process:

        def measure(sample: Sample) -> Cost:
            process.stdin.write(f"{sample.path}\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise GraderError(f"the floor of {assignment.name} ended over {sample.path}: see its message above")
            return Cost(**json.loads(line))

        yield measure


def serve(assignment: Assignment, notebooks: Iterator[str], tell: Callable[[Cost], None]) -> None:
    """Grade one notebook after the other in this process."""
    master = load_master(assignment)
    names = [name for exercise in assignment.graded for name in exercise.entry_points]

    def grade_all(suite: Suite) -> None:
        agent.use_plain_arithmetic()
        notebook = shell.make_shell()
        os.chdir(assignment.release)  # where a worker works, too
        shell.work_from(notebook, assignment.release)
        for path in notebooks:
            begun, clock = time.process_time(), time.monotonic()
            submission = read_submission(Path(path).read_bytes(), master)
            cells = [Cell(cell.id, cell.source, cell.run == "definitions") for cell in submission.cells]
            session = UnwalledSession(agent.Notebook(notebook), cells, names)
            session.run_cells()
            points = sum(
                test.points
                for exercise in assignment.graded
                for test in suite.run_exercise(exercise, session)  # type: ignore[arg-type]
            )
            tell(Cost(time.process_time() - begun, time.monotonic() - clock, points))

    open_suite(assignment, read_salt(assignment.root), grade_all)


def main() -> None:
    root, name, *paths = sys.argv[1:]
    tell = os.fdopen(os.dup(1), "w")  # what notebooks print goes elsewhere
    os.dup2(2, 1)
    lines = iter(paths) if paths else (line.rstrip("\n") for line in sys.stdin)
    serve(
        load_course(Path(root)).assignment(name),
        lines,
        lambda cost: print(json.dumps(asdict(cost)), file=tell, flush=True),
    )


if __name__ == "__main__":
    main()
