"""The same submissions through every tool, interleaved.

Whatever else the machine does hits all of them alike only if they take turns: so figures are ratios to ours, each of
the same submission in the same round, and how they spread. Seconds are noted beside, they mean little by themselves.
"""

import platform
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from os import cpu_count
from pathlib import Path
from typing import Literal

import msgspec
from tqdm import tqdm

from autograder.course import Assignment, Course
from autograder.errors import AuthorError, GraderError
from autograder.grading import read_salt
from autograder.plugin import Suite, open_suite
from benchmarks import nbgrader_tool, otter_tool
from benchmarks.costs import Cost, Measure, Sample, ToolMissing
from benchmarks.samples import write_samples
from benchmarks.unwalled import open_floor, open_pytest
from benchmarks.walled import ISOLATION, open_ours

OURS = "ours"
TOOLS = {
    "nbgrader": "nbgrader autograde",
    "otter": "otter run",
    "pytest": "pytest, a fresh process each",
    "floor": "the same tests in one warm process, no wall",
    OURS: "ours, every wall",
}
# Ours and the floor grade a class: submissions follow each other in warm processes. This many in each turn.
REPEATS = {"floor": 3, OURS: 3}
SEED = 20261122
Quantity = Literal["cpu_seconds", "wall_seconds"]


class Measurement(msgspec.Struct, frozen=True):
    """One turn of a tool."""

    assignment: str
    submission: str
    tool: str
    turn: int
    cpu_seconds: float
    wall_seconds: float
    points: float | None


class Comparison(msgspec.Struct):
    """All turns, tools that could not take part with the reason, mutation scores, and on what it was measured."""

    measurements: list[Measurement]
    missing: dict[str, str]
    mutation_scores: dict[str, float]
    setting: dict[str, str]


@dataclass(frozen=True)
class Spread:
    """Median and quartiles."""

    lower: float
    median: float
    upper: float


def compare(
    course: Course, names: Sequence[str], rounds: int, tools: Sequence[str], folder: Path, scores: dict[str, float]
) -> Comparison:
    """Measure; `folder` is where otter's environment is kept."""
    found = Comparison([], {}, scores, describe_setting(rounds))
    otter = _find_otter(course, folder, found.missing) if "otter" in tools else None
    for name in names:
        assignment = course.assignment(name)
        measure_assignment(assignment, rounds, [tool for tool in tools if tool not in found.missing], otter, found)
    return found


def measure_assignment(
    assignment: Assignment, rounds: int, tools: Sequence[str], otter: Path | None, found: Comparison
) -> None:
    """Add the turns of one assignment."""

    def measure_all(suite: Suite) -> None:
        with tempfile.TemporaryDirectory() as name:
            samples = write_samples(assignment, Path(name))
            openers: dict[str, Callable[[], AbstractContextManager[Measure]]] = {
                "nbgrader": lambda: nbgrader_tool.open_nbgrader(assignment, samples),
                "otter": lambda: otter_tool.open_otter(assignment, samples, otter or Path()),
                "pytest": lambda: open_pytest(assignment),
                "floor": lambda: open_floor(assignment),
                OURS: lambda: open_ours(suite),
            }
            with _all_open({tool: openers[tool] for tool in tools}) as measures:
                total = (rounds + 1) * len(samples) * len(tools)
                with tqdm(total=total, desc=assignment.name, unit="turn", disable=None) as progress:
                    for measurement in take_turns(assignment, samples, measures, rounds):
                        progress.update()
                        if measurement.turn:
                            found.measurements.append(measurement)

    open_suite(assignment, read_salt(assignment.root), measure_all)


def take_turns(
    assignment: Assignment, samples: Sequence[Sample], measures: Mapping[str, Measure], rounds: int
) -> Iterator[Measurement]:
    """Round after round, in an order drawn anew for each submission; round 0 warms up."""
    rng = random.Random(SEED)
    for turn in range(rounds + 1):
        for sample in samples:
            order = rng.sample(sorted(measures), len(measures))
            points = {}
            for tool in order:
                costs = [measures[tool](sample) for _ in range(REPEATS.get(tool, 1))]
                points[tool] = costs[-1].points
                yield _mean(assignment, sample, tool, turn, costs)
            expect_same_work(assignment, sample, points)


def expect_same_work(assignment: Assignment, sample: Sample, points: Mapping[str, float | None]) -> None:
    """Errors: who gave other points has done other work, and the figures would mean nothing."""
    known = {tool: earned for tool, earned in points.items() if earned is not None}
    if len(set(known.values())) > 1:
        raise GraderError(f"{assignment.name}, {sample.kind}: expected the same points of all tools, got {known}")
    if sample.kind == "right" and set(known.values()) - {assignment.max_score}:
        raise AuthorError(f"{assignment.name}: expected {assignment.max_score} points for a right sample, got {known}")


def ratios(found: Comparison, assignment: str, submissions: Sequence[str], tool: str, quantity: Quantity) -> Spread:
    """How many times ours a tool costs: in each round by the sums over the submissions, and the spread over rounds."""
    theirs, ours = (sum_rounds(found, assignment, submissions, name, quantity) for name in (tool, OURS))
    return spread([theirs[turn] / ours[turn] for turn in theirs])


def sum_rounds(
    found: Comparison, assignment: str, submissions: Sequence[str], tool: str, quantity: Quantity
) -> dict[int, float]:
    """Seconds of these submissions, by round."""
    sums: dict[int, float] = {}
    for one in found.measurements:
        if (one.assignment, one.tool) == (assignment, tool) and one.submission in submissions:
            sums[one.turn] = sums.get(one.turn, 0.0) + getattr(one, quantity)
    return sums


def spread(values: Sequence[float]) -> Spread:
    """Median and quartiles, of a single value itself."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(lower, median, upper)


def names_of(found: Comparison, field: Literal["assignment", "submission", "tool"]) -> list[str]:
    """What was measured, tools in the order of TOOLS, the rest as it came."""
    names = list(dict.fromkeys(getattr(one, field) for one in found.measurements))
    return [tool for tool in TOOLS if tool in names] if field == "tool" else names


def describe_setting(rounds: int) -> dict[str, str]:
    """On what it was measured, for whoever reads the file later."""
    return {
        "rounds": str(rounds),
        "date": datetime.now(UTC).date().isoformat(),
        "isolation": ISOLATION,
        "profile of training cells": "smoke",
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "nbgrader": nbgrader_tool.VERSION,
        "otter-grader": otter_tool.VERSION,
        "kernel": platform.release(),
        "processors": str(cpu_count()),
    }


def _find_otter(course: Course, folder: Path, missing: dict[str, str]) -> Path | None:
    try:
        return otter_tool.install_otter(folder / "otter", course.root / ".ci" / "constraints.txt")
    except ToolMissing as reason:
        missing["otter"] = str(reason)
        return None


@contextmanager
def _all_open(
    openers: Mapping[str, Callable[[], AbstractContextManager[Measure]]],
) -> Iterator[dict[str, Measure]]:
    with ExitStack() as stack:
        yield {tool: stack.enter_context(open_tool()) for tool, open_tool in openers.items()}


def _mean(assignment: Assignment, sample: Sample, tool: str, turn: int, costs: Sequence[Cost]) -> Measurement:
    cpu = statistics.fmean(cost.cpu_seconds for cost in costs)
    wall = statistics.fmean(cost.wall_seconds for cost in costs)
    return Measurement(assignment.name, sample.kind, tool, turn, cpu, wall, costs[-1].points)
