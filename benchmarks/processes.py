"""What a running `autograder grade` holds: memory, descriptors, processes, by role."""

from collections.abc import Iterator

import msgspec
import psutil

MEGABYTE = 1 << 20
WALLS = ("bwrap", "setpriv")  # they are given the zygote's command line, and become it or stay around it


class Holding(msgspec.Struct, frozen=True):
    """What is held after so many submissions and seconds, memory in MB; None where this account may not look.

    The grader writes the records, its grading processes run the tests, the zygote is what students' processes are
    forked from. RSS counts shared memory in full, PSS by its share.
    """

    graded: int
    seconds: float
    grader_rss: float
    grader_pss: float | None
    grading_pss: float | None
    zygote_rss: float
    zygote_pss: float | None
    descriptors: int | None
    processes: int


def look_at(grader: psutil.Process, graded: int, seconds: float) -> Holding | None:
    """What the command holds now; None while it is not fully there, or no more."""
    try:
        family = list(_by_depth(grader))
        zygote = next((one for one in family if one.name() not in WALLS and _runs(one, "zygote")), None)
        own = grader.cmdline()
        grading = [one for one in grader.children() if one.cmdline() == own]
        if zygote is None or not grading:
            return None
        descriptors = [_descriptors(one) for one in (grader, *grading)]
        return Holding(
            graded=graded,
            seconds=seconds,
            grader_rss=grader.memory_info().rss / MEGABYTE,
            grader_pss=_proportional(grader),
            grading_pss=_sum([_proportional(one) for one in grading]),
            zygote_rss=zygote.memory_info().rss / MEGABYTE,
            zygote_pss=_proportional(zygote),
            descriptors=_sum(descriptors),
            processes=1 + len(family),
        )
    except psutil.NoSuchProcess:
        return None


def _runs(process: psutil.Process, module: str) -> bool:
    return any(module in word for word in process.cmdline())


def _by_depth(process: psutil.Process) -> Iterator[psutil.Process]:
    level = [process]
    while level := [child for parent in level for child in _children(parent)]:
        yield from level


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.NoSuchProcess:  # students' processes end all the time
        return []


def _proportional(process: psutil.Process) -> float | None:
    try:
        return process.memory_full_info().pss / MEGABYTE
    except psutil.AccessDenied:  # the zygote hides its memory, but from root
        return None


def _descriptors(process: psutil.Process) -> int | None:
    try:
        return process.num_fds()
    except psutil.AccessDenied:
        return None


def _sum(parts: list) -> float | None:
    return None if None in parts else sum(parts)
