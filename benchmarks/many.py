"""Many submissions in one run of `autograder grade`: what the grader holds must not grow with their number."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import psutil
from rich import box
from rich.table import Table

from autograder.course import Course
from autograder.errors import GraderError
from benchmarks.costs import ENVIRONMENT
from benchmarks.crowd import make_crowd, write_crowd
from benchmarks.light_course import EXERCISES, FROM, NAME, build_light_course
from benchmarks.processes import Holding, look_at

LOOKS = 100  # in a run, evenly spread over the submissions
PARTS = 10  # of a run: a thousand each, of ten thousand
HELD = {
    "grader_rss": "grader, RSS MB",
    "grader_pss": "grader, PSS MB",
    "grading_pss": "grading processes, PSS MB",
    "zygote_rss": "zygote, RSS MB",
    "zygote_pss": "zygote, PSS MB",
    "descriptors": "descriptors",
    "processes": "processes",
}


class Watched(msgspec.Struct):
    """A run of the command: what it held along the way, how it ended."""

    submissions: int
    workers: int
    wall_seconds: float
    statuses: dict[str, int]
    points: float
    holdings: list[Holding]


def watch(course: Course, submissions: int, workers: int, folder: Path) -> Watched:
    """Make a crowd below `folder`, grade it by the command, look at its processes; GraderError if it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="many-") as name:
        root, submitted, out = (Path(name).resolve() / part for part in ("course", "submitted", "grades"))
        light = build_light_course(course, root)
        write_crowd(make_crowd(light, course.assignment(FROM), submissions), NAME, submitted)
        command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--out", str(out), "--root", str(root)]
        begun = time.monotonic()
        holdings = list(_run([*command, "--workers", str(workers)], out, submissions))
        seconds = time.monotonic() - begun
        statuses: Counter[str] = Counter()
        points = 0.0
        for path in out.glob(f"results/*/{NAME}.json"):
            record = json.loads(path.read_bytes())
            statuses[record["status"]] += 1
            points += record["score"] or 0.0
    if sum(statuses.values()) != submissions or "internal_error" in statuses:
        raise GraderError(f"expected a record of each of {submissions} submissions, none internal_error: {statuses}")
    return Watched(submissions, workers, seconds, dict(sorted(statuses.items())), points, holdings)


def _run(command: Sequence[str], out: Path, submissions: int) -> Iterator[Holding]:
    """Run the command, and look at it whenever its progress bar moves and another hundredth has been graded."""
    results, step = out / "results", max(1, submissions // LOOKS)
    seen, begun = 0, time.monotonic()
    with (
        tempfile.TemporaryFile() as table,
        subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, stdout=table, stderr=subprocess.PIPE) as process,
    ):
        said = b""
        grader = psutil.Process(process.pid)
        while words := process.stderr.read1():
            said = (said + words)[-2000:]
            graded = len(os.listdir(results)) if results.is_dir() else 0
            if graded >= seen + step:
                held = look_at(grader, graded, time.monotonic() - begun)
                if held is not None:
                    seen = graded
                    yield held
        if process.wait():
            table.seek(0)
            last = (table.read()[-2000:] + said).decode(errors="replace")
            raise GraderError(f"autograder grade: expected exit code 0, got {process.returncode}: {last}")


def summarise(watched: Watched) -> list[tuple[int, int, dict[str, float | None]]]:
    """Medians of what was held, for each tenth of the submissions: from, to, and the medians by name."""
    size = watched.submissions / PARTS
    parts = []
    for number in range(PARTS):
        low, high = number * size, (number + 1) * size
        inside = [held for held in watched.holdings if low < held.graded <= high]
        if inside:
            parts.append((round(low), round(high), {name: _median(inside, name) for name in HELD}))
    return parts


def draw_table(watched: Watched) -> Table:
    """A row for each tenth."""
    rate = watched.wall_seconds / watched.submissions
    title = f"{watched.submissions:,} submissions, {watched.workers} workers, {rate:.3f} s each on the clock"
    statuses = ", ".join(f"{number:,} {status}" for status, number in watched.statuses.items())
    table = Table(title=title, caption=statuses, box=box.SIMPLE_HEAD)
    table.add_column("submissions", justify="right", no_wrap=True)
    for name in HELD.values():
        table.add_column(name, justify="right")
    for low, high, medians in summarise(watched):
        table.add_row(f"{low + 1:,}–{high:,}", *map(_tell, medians.values()))
    return table


def write_markdown(watched: Watched) -> str:
    """README's table: the first tenth beside the last."""
    parts = summarise(watched)
    (_, first, before), (last, end, after) = parts[0], parts[-1]
    lines = [f"| | first {first:,} | last {end - last:,} |", "|---|--:|--:|"]
    lines += [f"| {title} | {_tell(before[name])} | {_tell(after[name])} |" for name, title in HELD.items()]
    return "\n".join([*lines, "", describe(watched)])


def describe(watched: Watched) -> str:
    """What was graded."""
    statuses = ", ".join(f"{number:,} {status}" for status, number in watched.statuses.items())
    exercises = ", ".join(f"`{name}`" for name in EXERCISES)
    return (
        f"Medians within the first and the last tenth of {watched.submissions:,} submissions ({statuses}), graded "
        f"by one run of `autograder grade --workers {watched.workers}`. They are made of the answers of `{FROM}`'s "
        f"suite to {exercises}, right, wrong, untouched and hostile, combined at random; a fifth of the notebooks is "
        "mangled."
    )


def _median(holdings: Sequence[Holding], name: str) -> float | None:
    values = [getattr(held, name) for held in holdings]
    return None if None in values else statistics.median(values)


def _tell(value: float | None) -> str:
    return "not shown" if value is None else f"{value:,.0f}"
