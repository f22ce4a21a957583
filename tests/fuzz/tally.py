"""How much is tried, how much of it gets past the parser, and that no example runs on or fills the memory."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

COMMON = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
KEPT = DirectoryBasedExampleDatabase(Path(__file__).parents[2] / "build" / "fuzz")  # what failed is tried first
settings.register_profile("fuzz", COMMON, max_examples=10_000, database=KEPT)
settings.register_profile("share", COMMON, max_examples=200, derandomize=True, database=None)
# A decorator: as many examples as `make fuzz` asks for, or the few that every run of the tests repeats.
fuzzed = settings.get_profile(os.environ.get("FUZZ_PROFILE", "share"))

PAST = 1 / 3  # of the examples: fewer say that the strategy only makes rubbish
CPU_SECONDS = 20.0  # for one example; the dearest takes a twentieth of a second
MEMORY = 512 << 20  # bytes by which one example may raise the process's peak


class RanOn(Exception):
    """One example took more CPU seconds or memory than any input may."""


class Tally:
    """Examples of the test that runs, and how many got past the parser."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.examples = self.past = 0

    @contextmanager
    def example(self) -> Iterator[None]:
        """Bounds around one example."""
        self.examples += 1
        before = signal.signal(signal.SIGVTALRM, _stop)
        peak = _peak()
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
        if _peak() - peak > MEMORY:
            raise RanOn(f"one example took {(_peak() - peak) >> 20} MB")

    def got_past(self) -> None:
        """The parser took the example; what follows are promises about what was read."""
        self.past += 1


TALLY = Tally()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _stop(number: int, frame: FrameType | None) -> None:
    raise RanOn(f"one example ran for more than {CPU_SECONDS:g} CPU s")
