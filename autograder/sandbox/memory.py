"""How much memory the machine, or the container around us, gives, and whether grading fits into it."""

import os
from pathlib import Path

import torch

from autograder.errors import GraderError

# Grader, zygote, a worker and the spare one together, measured with torch 2.14; most of it is what its CUDA build
# touches when it is imported, once on each side of the wall.
NEEDED_MB = 900
CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def check_memory() -> None:
    """GraderError if grading with this build of torch does not fit; its CPU builds need less and are not refused."""
    given = given_megabytes()
    if torch.version.cuda is not None and given < NEEDED_MB:
        raise GraderError(
            f"memory: grading with a CUDA build of torch takes about {NEEDED_MB} MB, this machine or container gives "
            f"{given} MB; install torch's CPU build, or raise the limit"
        )


def given_megabytes(cgroups: Path = CGROUPS, membership: Path = MEMBERSHIP) -> int:
    """The machine's memory, or the lowest limit of the control groups that this process is in (version 1 or 2)."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            folder = cgroups / controllers
            name = "memory.limit_in_bytes" if controllers else "memory.max"
            group = folder / path.lstrip("/")
            limits += [limit for place in (group, *group.parents) if (limit := _read_limit(place / name)) is not None]
    return min(limits) >> 20


def _read_limit(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
