"""One submission in the sandbox: its cells run once, its worker is replaced when it dies, its seconds are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.sandbox.launch import Sandbox, Worker, WorkerGone, WorkerTimeout
from autograder.sandbox.worker import protocol

CELL_GRACE = 1.0  # CPU seconds between the soft stop of a cell and the hard one
HARD_SECONDS = 5.0  # CPU seconds beyond the submission's total at which the kernel ends its process


@dataclass(frozen=True)
class Cell:
    """A cell to run; with `definitions`, only its imports, functions, classes and constants."""

    id: str
    source: str
    definitions: bool = False


@dataclass(frozen=True)
class CellOutcome:
    """How a cell ran; `error` is what the student's own traceback ends with, "skipped" ran as definitions only."""

    id: str
    status: Literal["ok", "error", "timeout", "skipped"]
    error: str = ""


@dataclass(frozen=True)
class SessionLimits:
    """CPU seconds for a cell and for all of a submission, bytes of memory for its processes."""

    cell_seconds: float
    total_seconds: float
    memory: int


class Session:
    """A worker that has run the notebook's cells, and a new one whenever it is gone."""

    def __init__(
        self,
        sandbox: Sandbox,
        assignment: str,
        cells: Sequence[Cell],
        entry_points: Sequence[str],
        limits: SessionLimits,
    ) -> None:
        self._sandbox, self._assignment, self._limits = sandbox, assignment, limits
        self._cells = list(cells)
        self._entry_points = tuple(entry_points)
        self._worker: Worker | None = None
        self._handles = 0
        self._allowance = limits.cell_seconds
        self._seed = 0
        self.used = 0.0
        self.cpu_seconds = 0.0  # all that its workers cost, known once they are dead

    def run_cells(self) -> list[CellOutcome]:
        """Run all cells in order. One that fails, hangs or kills its process does not keep the next from running."""
        outcomes: list[CellOutcome] = []
        for index, cell in enumerate(self._cells):
            if self.exhausted:
                reason = f"not run: the cells before it took {self._limits.total_seconds:g} s"
                outcomes.append(CellOutcome(cell.id, "timeout", reason))
                continue
            try:
                if self._worker is None:
                    self._start(index)
                error = self._run(cell)
            except WorkerGone as gone:
                self._drop_worker()
                status: Literal["error", "timeout"] = "timeout" if isinstance(gone, WorkerTimeout) else "error"
                outcomes.append(CellOutcome(cell.id, status, str(gone)))
            else:
                outcomes.append(error)
            if (self._worker is None or outcomes[-1].status == "timeout") and not cell.definitions:
                # Its definitions still count, also behind the line where it was stopped; a replay need not wait again.
                self._cells[index] = Cell(cell.id, cell.source, definitions=True)
                if self._worker is not None:
                    self._try_definitions(index)
        try:
            self._ready()
        except WorkerGone:
            self._drop_worker()
        return outcomes

    def begin_test(self, seed: int, cpu_seconds: float) -> None:
        """Forget what the last test left behind; the next requests share this allowance of CPU seconds."""
        self._allowance = cpu_seconds
        self._seed = seed
        if self._worker is not None:
            try:
                self._reset()
            except WorkerGone:
                self._drop_worker()
        if self._worker is None:
            self._replay()

    def ask(
        self, request: protocol.Request, blobs: list[bytes]
    ) -> tuple[protocol.Done | protocol.Raised, list[bytearray]]:
        """Ask the worker; WorkerGone if it cannot answer (the rest of this test has no worker then)."""
        if self._worker is None:
            raise WorkerGone("your code's process had ended before")
        if self._allowance <= 0:
            raise WorkerTimeout
        try:
            answer = self._worker.request(request, blobs, self._allowance)
        except WorkerGone as gone:
            self._count(self._allowance if isinstance(gone, WorkerTimeout) else self._worker.spent)
            self._drop_worker()
            raise
        self._count(self._worker.spent)
        return answer

    def new_handle(self) -> int:
        """A name for an object to be kept in the worker, chosen here so that no answer can be prepared for it."""
        self._handles += 1
        return self._handles

    @property
    def exhausted(self) -> bool:
        """Whether the submission has used all the CPU seconds it may use in all."""
        return max(self.used, self.cpu_seconds) > self._limits.total_seconds

    def close(self) -> None:
        """Kill the worker."""
        self._drop_worker()

    def _replay(self) -> None:
        """A new worker that has run the same cells; those that were stopped, or ended it, run as definitions only."""
        try:
            self._start(len(self._cells))
            self._ready()
            self._reset()
        except WorkerGone:
            self._drop_worker()
            raise

    def _start(self, count: int) -> None:
        hard = int(self._limits.total_seconds + HARD_SECONDS)
        self._worker = self._sandbox.spawn(self._assignment, self._limits.memory, hard)
        self._tell(protocol.Begin(self._entry_points))
        for cell in self._cells[:count]:
            self._run(cell)

    def _run(self, cell: Cell) -> CellOutcome:
        request = protocol.RunCell(cell.source, cell.definitions, self._limits.cell_seconds)
        result = self._request(request, self._limits.cell_seconds + CELL_GRACE)
        if cell.definitions:
            return CellOutcome(cell.id, "skipped")
        if isinstance(result, protocol.Done):
            return CellOutcome(cell.id, "ok")
        if "CellTimeout" in result.types:
            return CellOutcome(
                cell.id, "timeout", f"this cell ran longer than {self._limits.cell_seconds:g} s and was stopped"
            )
        kind = result.types[0] if result.types else "error"
        where = f" ({result.place})" if result.place else ""
        return CellOutcome(cell.id, "error", f"{kind}: {result.message}{where}")

    def _try_definitions(self, index: int) -> None:
        try:
            self._run(self._cells[index])
        except WorkerGone:
            self._drop_worker()

    def _ready(self) -> None:
        if self._worker is None:
            self._start(len(self._cells))
        self._tell(protocol.Ready())

    def _reset(self) -> None:
        self._handles = 0
        self._tell(protocol.Reset(self._seed))

    def _tell(self, request: protocol.Request) -> None:
        self._request(request, self._limits.cell_seconds)

    def _request(self, request: protocol.Request, seconds: float) -> protocol.Done | protocol.Raised:
        if self._worker is None:
            raise WorkerGone
        try:
            return self._worker.request(request, [], seconds)[0]
        finally:
            self.used += self._worker.spent

    def _count(self, seconds: float) -> None:
        self._allowance -= seconds
        self.used += seconds

    def _drop_worker(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self.cpu_seconds += self._worker.cpu_seconds
            self._worker = None
