"""What grading one submission costs, however it is done."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderError

# One thread, and training cells cut to a few steps: the same for all.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GAN_COURSE_PROFILE": "smoke",
    "MPLBACKEND": "agg",
}


@dataclass(frozen=True)
class Sample:
    """A submission to grade. `kind`: right, partly right or untouched."""

    kind: str
    path: Path


@dataclass(frozen=True)
class Cost:
    """Seconds of one submission. `points`: what the hidden tests gave, where a tool runs them."""

    cpu_seconds: float
    wall_seconds: float
    points: float | None = None


Measure = Callable[[Sample], Cost]


class ToolMissing(Exception):
    """A tool cannot take part on this machine; the message says why."""


def bin_environment(folder: Path = Path(sys.executable).parent) -> dict[str, str]:
    """An environment that finds the commands of a virtual environment's folder first."""
    return {**os.environ, **ENVIRONMENT, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> str:
    """Run a command to its end; its standard output. GraderError with its last words if it fails."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise GraderError(f"{' '.join(command)}: expected exit code 0, got {done.returncode}: {words}")
    return done.stdout


def measure_command(command: Sequence[str], folder: Path, environment: dict[str, str]) -> tuple[Cost, str]:
    """What a command costs with all processes that it starts and waits for, and its standard output."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    output = run(command, folder, environment)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall), output
