"""A plan run as the worker runs it, for plain Python: statement by statement, an error ends no more than one."""

import ast
import re
import signal
from collections.abc import Iterable
from types import FrameType
from typing import Any

from autograder.submission import PlannedCell

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_SECONDS = 0.2


def statements(cell: PlannedCell) -> list[ast.stmt]:
    """What of a cell runs; lines that only IPython understands are blanked, a cell that is no Python has none."""
    try:
        body = ast.parse(re.sub(r"(?m)^[%!?].*$", "", cell.source)).body
    except SyntaxError:
        return []
    return [node for node in body if cell.run == "all" or isinstance(node, _DEFINITIONS)]


def run(cells: Iterable[PlannedCell]) -> dict[str, Any]:
    """The namespace after all cells ran."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    before = signal.signal(signal.SIGALRM, _stop)
    try:
        for node in (node for cell in cells for node in statements(cell)):
            signal.setitimer(signal.ITIMER_REAL, _SECONDS)
            try:
                exec(compile(ast.Module([node], []), "<cell>", "exec"), namespace)
            except (Exception, SystemExit):
                continue
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    return namespace


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError
