"""What grading one submission costs, beside nbgrader and beside the same tests without any wall.

    python benchmarks/submission_cost.py [--rounds 5] [--many 500]

All contenders grade the same submissions (the sample class's right ones), taking turns in one run, so that whatever
else the machine does hits all of them. Printed are CPU seconds as ratios with their spread; times themselves mean
little on a busy machine. Then: what an added worker costs in memory, and what many submissions leave behind.

- nbgrader: `nbgrader autograde` in a fresh process and kernel, one thread, training cells in the smoke profile.
- floor: the same cells and hidden tests in one warm process: no fork, no sockets, no wall.
- ours: everything that a submission costs: grader, fork, walls, worker, kill.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from autograder.audit import load_master, measure_cost
from autograder.course import Assignment, find_root, load_course
from autograder.grading import grade_submission, open_session, read_salt
from autograder.plugin import Suite, open_suite
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.session import Cell, Session
from autograder.sandbox.worker import agent, protocol
from autograder.submission import Submission, read_submission

IN_A_ROW = 5  # floor and ours grade a class: submissions follow each other in a warm process; this many in each turn
SAMPLES = ("amina", "bruno")  # the right submissions of the sample class
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class UnwalledSession:
    """The part of Session that a suite uses, in this process."""

    exhausted = False

    def __init__(self, worker: agent.Notebook, cells: Sequence[Cell], entry_points: Sequence[str]) -> None:
        self._worker, self._cells, self._handles = worker, cells, 0
        worker.answer(protocol.Begin(tuple(entry_points)), [])

    def run_cells(self) -> None:
        for cell in self._cells:
            self._worker.answer(protocol.RunCell(cell.source, cell.definitions, 60.0), [])
        self._worker.answer(protocol.Ready(), [])

    def begin_test(self, seed: int, cpu_seconds: float) -> None:
        self._handles = 0
        self._worker.answer(protocol.Reset(seed), [])

    def ask(
        self, request: protocol.Request, blobs: list[bytes]
    ) -> tuple[protocol.Done | protocol.Raised, list[bytearray]]:
        result, produced = self._worker.answer(request, [bytearray(blob) for blob in blobs])
        return result, [bytearray(blob) for blob in produced]

    def new_handle(self) -> int:
        self._handles += 1
        return self._handles


def cost_of_floor(suite: Suite, shell: object, submission: Submission) -> float:
    """CPU seconds of the same without a wall."""
    begun = time.process_time()
    names = [name for exercise in suite.assignment.graded for name in exercise.entry_points]
    cells = [Cell(cell.id, cell.source, cell.run == "definitions") for cell in submission.cells]
    _grade(suite, UnwalledSession(agent.Notebook(shell), cells, names))  # type: ignore[arg-type]
    return time.process_time() - begun


def cost_of_nbgrader(folder: Path, student: str, assignment: str) -> float:
    """CPU seconds of `nbgrader autograde` for one student."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, **ONE_THREAD, "GAN_COURSE_PROFILE": "smoke"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = ["nbgrader", "autograde", assignment, "--student", student, "--force"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _grade(suite: Suite, session: Session) -> None:
    session.run_cells()
    for exercise in suite.assignment.graded:
        results = suite.run_exercise(exercise, session)
        lost = [f"{result.name}: {result.message}" for result in results if result.status != "passed"]
        if lost:
            raise SystemExit(f"a right submission lost points, the figures would mean nothing: {lost}")


@contextmanager
def nbgrader_course(assignment: Assignment, students: Sequence[str]) -> Iterator[Path]:
    """A temporary nbgrader course with the students' submissions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "bench"\n')
        shutil.copytree(assignment.source, folder / "source" / assignment.name)
        for student in students:
            submitted = folder / "submitted" / student / assignment.name
            shutil.copytree(assignment.release, submitted)
            shutil.copy(_sample(assignment, student), submitted)
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        command = ["nbgrader", "generate_assignment", assignment.name]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        yield folder


def _sample(assignment: Assignment, student: str) -> Path:
    return assignment.root / "examples" / "submitted" / student / assignment.name / f"{assignment.name}.ipynb"


def compare_costs(assignment: Assignment, suite: Suite, rounds: int) -> None:
    """Print the ratios of an interleaved run."""
    master = load_master(assignment)
    submissions = {name: read_submission(_sample(assignment, name).read_bytes(), master) for name in SAMPLES}
    costs: dict[str, list[float]] = {"nbgrader": [], "floor": [], "ours": []}
    shell = agent.warm_up()
    os.chdir(assignment.release)  # where a worker works, too
    with nbgrader_course(assignment, SAMPLES) as folder, Sandbox("nested", assignment.release.parent) as sandbox:
        for turn in range(rounds + 1):
            for student, submission in submissions.items():
                contenders: dict[str, Callable[[], float]] = {
                    "nbgrader": lambda s=student: cost_of_nbgrader(folder, s, assignment.name),
                    "floor": lambda s=submission: cost_of_floor(suite, shell, s),
                    "ours": lambda s=submission: measure_cost(suite, sandbox, s),
                }
                for name, measure in contenders.items():
                    repeats = 1 if name == "nbgrader" else IN_A_ROW
                    cost = sum(measure() for _ in range(repeats)) / repeats
                    if turn:  # the first turn warms up
                        costs[name].append(cost)
    for name, measured in costs.items():
        print(f"{name:9} {statistics.median(measured):7.3f} CPU s (median of {len(measured)})")
    for name, over in (("nbgrader", "ours"), ("ours", "floor")):
        ratios = sorted(a / b for a, b in zip(costs[name], costs[over], strict=True))
        print(f"{name} / {over}: {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")


def watch_many(assignment: Assignment, suite: Suite, many: int) -> None:
    """Print what the grader holds before and after many submissions."""
    submission = read_submission(_sample(assignment, SAMPLES[0]).read_bytes(), load_master(assignment))
    grader = psutil.Process()
    with Sandbox("nested", assignment.release.parent) as sandbox:
        for number in range(many + 1):
            grade_submission(suite, sandbox, submission, student="bench")
            if number in (20, many):
                memory = grader.memory_full_info().uss / 2**20
                family = len(grader.children(recursive=True))
                print(
                    f"after {number:4} submissions: {memory:.0f} MB, {grader.num_fds()} descriptors, {family} processes"
                )


def measure_workers(assignment: Assignment, suite: Suite) -> None:
    """Print the private memory of one submission's processes behind the wall."""
    submission = read_submission(_sample(assignment, SAMPLES[0]).read_bytes(), load_master(assignment))
    with Sandbox("nested", assignment.release.parent) as sandbox:
        sessions, sizes = [], []
        for _ in range(4):
            session = open_session(sandbox, assignment, submission)
            _grade(suite, session)
            sessions.append(session)
            family = psutil.Process().children(recursive=True)
            sizes.append(sum(process.memory_full_info().pss for process in family) / 2**20)
        print("behind the wall, 1 to 4 submissions at a time:", ", ".join(f"{size:.0f} MB" for size in sizes))
        for session in sessions:
            session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument("--assignment", default="vanilla_gan")
    arguments = parser.parse_args()
    course = load_course(find_root(Path(__file__).parent))
    assignment = course.assignment(arguments.assignment)

    def run(suite: Suite) -> None:
        measure_workers(assignment, suite)
        compare_costs(assignment, suite, arguments.rounds)
        watch_many(assignment, suite, arguments.many)

    open_suite(assignment, read_salt(course.root), run)


if __name__ == "__main__":
    main()
