"""Where attacks are carried out: at one isolation level, or without the layer that stops them."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from autograder.sandbox import launch
from autograder.sandbox.answer import StudentRaised, WrongAnswer
from autograder.sandbox.isolation import Level
from autograder.sandbox.launch import Sandbox, WorkerDied, WorkerGone, WorkerLied, WorkerMemory, WorkerTimeout
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Cell, Session, SessionLimits
from tests.attacks import trusting
from tests.attacks.attack import PRELUDE, Attack, End
from tests.attacks.outside import Outside, left_behind, sandboxed
from tests.attacks.questions import QUESTIONS

ENDS: tuple[tuple[type[Exception], End], ...] = (
    (StudentRaised, "refused"),
    (WrongAnswer, "wrong"),
    (WorkerTimeout, "timeout"),
    (WorkerMemory, "memory"),
    (WorkerLied, "lied"),
    (WorkerDied, "died"),
    (WorkerGone, "died"),
)
TOTAL_SECONDS = 60.0
WALL_FACTOR = 2.0  # a tenth of the patience that a real class gets
PLENTY_SECONDS, PLENTY_MEMORY = 20.0, 4 << 30
NEIGHBOUR = "def f(x):\n    return 2 * x\n"
PAUSE = 0.02


@dataclass(frozen=True)
class Sighting:
    """What was seen of an attack: how asking for it ended, and all that it got, in words."""

    end: End
    found: tuple[str, ...]


class Arena:
    """A sandbox of one level, a neighbour who is graded through it all the time, and decoys around it."""

    def __init__(self, level: Level, released: Path) -> None:
        self.level = level
        self.sandbox = Sandbox(level, released)
        self.outside = Outside(self.sandbox)
        self._neighbour = self._open(NEIGHBOUR, seconds=1000.0, memory=512 << 20)

    def close(self) -> None:
        """End everything, decoys included."""
        self._neighbour._session.close()
        self.outside.close()
        self.sandbox.close()

    def try_attack(self, attack: Attack) -> Sighting:
        """Carry it out behind the wall: what it got includes what it left behind and what the neighbour felt."""
        with mock.patch.object(launch, "WALL_FACTOR", WALL_FACTOR), self._watched() as seen:
            source = self.outside.fill(attack.source, walled=True)
            end, found = self._ask(attack, source, attack.seconds, attack.memory)
        return Sighting(end, (*found, *seen))

    def control(self, attack: Attack) -> Sighting:
        """Carry it out without the layer that stops it. This arena's level is `none`."""
        if attack.lifted == "process":
            found = trusting.grade_in_process(attack, self.outside)
            return Sighting("returned", (*found, *self.outside.changes()))
        with trusting.believing() if attack.lifted == "messages" else contextlib.nullcontext():
            source = self.outside.fill(attack.source, walled=False)
            end, found = self._ask(attack, source, PLENTY_SECONDS, PLENTY_MEMORY)
        return Sighting(end, (*found, *self.outside.changes()))

    def _ask(self, attack: Attack, source: str, seconds: float, memory: int) -> tuple[End, list[str]]:
        submission = self._open(
            self.outside.fill(PRELUDE, walled=self.level != "none"), source, seconds=seconds, memory=memory
        )
        try:
            return "returned", QUESTIONS[attack.asks].asked(submission)
        except tuple(kind for kind, _ in ENDS) as expected:
            return next(end for kind, end in ENDS if isinstance(expected, kind)), []
        except Exception as fault:
            return "internal", [f"internal error: {type(fault).__name__}: {fault}"[:300]]
        finally:
            submission._session.close()

    def _open(self, *cells: str, seconds: float, memory: int) -> Submission:
        limits = SessionLimits(seconds, TOTAL_SECONDS, memory)
        session = Session(
            self.sandbox, "tiny", [Cell(str(n), text) for n, text in enumerate(cells)], ["attack", "f"], limits
        )
        session.run_cells()
        session.begin_test(seed=1, cpu_seconds=seconds)
        return Submission(session)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[list[str]]:
        """Adds to the list what changed meanwhile: processes, mounts, files, the decoys, the neighbour's grade."""
        seen: list[str] = []
        self.sandbox._drop_spares()
        before, mounts = sandboxed(), Path("/proc/mounts").read_text()
        files = set(self.sandbox._scratch.iterdir())
        over = threading.Event()
        beside = threading.Thread(target=self._grade_neighbour, args=(over, seen))
        beside.start()
        try:
            yield seen
        finally:
            over.set()
            beside.join()
        self.sandbox._drop_spares()
        if left := left_behind(before):
            seen.append(f"{len(left)} processes were left behind")
        if not before & sandboxed():
            seen.append("the zygote has ended")
        if Path("/proc/mounts").read_text() != mounts:
            seen.append("mounts have changed")
        if left_files := set(self.sandbox._scratch.iterdir()) - files:
            seen.append(f"{len(left_files)} files were left behind")
        seen.extend(self.outside.changes())

    def _grade_neighbour(self, over: threading.Event, seen: list[str]) -> None:
        while True:
            last = over.is_set()  # once more after the end
            try:
                if self._neighbour.call("f", 21).integer() != 42:
                    seen.append("the neighbour's grade has changed")
            except Exception as error:
                seen.append(f"the neighbour lost its test: {error}")
                return
            if last:
                return
            over.wait(PAUSE)
