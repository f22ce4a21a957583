"""The notebook's shell: IPython without a kernel, without history, without a terminal, with bounded output."""

import ast
import builtins
import io
import re
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import elsewhere, released

OUTPUT_LIMIT = 1 << 20
TRACE_LIMIT = 2000
# Classes that tell a student nothing; the last is Python 3.13's own for a cell that breaks off: a SyntaxError.
UNSPOKEN = (object, BaseException, getattr(builtins, "_IncompleteInputError", object))
# They install, start programs, set up an interactive session, or show something.
SILENT_MAGICS = (
    *("pip", "conda", "mamba", "micromamba", "uv", "sx", "sc", "system", "cd", "config", "load_ext", "reload_ext"),
    *("autoreload", "aimport", "bash", "sh", "script", "perl", "ruby", "pypy", "python", "python2", "python3", "html"),
    *(
        "HTML",
        "javascript",
        "js",
        "latex",
        "markdown",
        "svg",
        "SVG",
        "debug",
        "pdb",
        "pylab",
        "gui",
        "history",
        "reset",
    ),
)
BLOCK_START = re.compile(r"^(?=(?:async def|def|class|import|from)\b|@)", re.MULTILINE)  # at the left margin
WRAPPING_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b.*\n")  # what stands below is Python
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class CellTimeout(BaseException):
    """Raised inside a cell that has used up its CPU seconds; no `except Exception` holds it up."""


class _Output(io.TextIOBase):
    """Standard output that counts and forgets: what a notebook prints is not graded."""

    def __init__(self) -> None:
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written += len(text)
        if self.written > OUTPUT_LIMIT:
            self.written = 0
            raise OSError(f"this cell printed more than {OUTPUT_LIMIT} characters")
        return len(text)


class _SilentPublisher(DisplayPublisher):  # type: ignore[misc]  # IPython is not typed
    """Pictures and other displays lead to nothing."""

    def publish(self, *args: Any, **kwargs: Any) -> None:
        return


class NotebookShell(InteractiveShell):  # type: ignore[misc]  # IPython is not typed
    """An interactive shell whose magics for pictures, packages and shell commands do nothing."""

    def enable_gui(self, gui: Any = None) -> None:
        return

    def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
        return "agg", "agg"

    def system(self, cmd: str) -> None:
        return

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        return []

    def ask_exit(self) -> None:
        return

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """A magic that is not known here (an extension's) does nothing."""
        if self.find_line_magic(magic_name) is None:
            return None
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """A cell under a magic that is not known here runs as if it stood there without, if it is Python."""
        if self.find_cell_magic(magic_name) is not None:
            return super().run_cell_magic(magic_name, line, cell)
        try:
            ast.parse(self.transform_cell(cell))
        except SyntaxError:
            return None
        self.run_cell(cell).raise_error()
        return None

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        return

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        return

    def _showtraceback(self, *args: Any, **kwargs: Any) -> None:
        return


def make_shell() -> NotebookShell:
    """A shell for the zygote to hand on to every worker."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.display_pub_class = _SilentPublisher
    config.InteractiveShell.banner1 = ""
    shell: NotebookShell = NotebookShell.instance(config=config)  # the one that `display` and `get_ipython` find
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].update(dict.fromkeys(SILENT_MAGICS, _do_nothing))
    elsewhere.install(shell.user_ns)
    shell.ast_transformers.append(elsewhere.BindStandIns())
    return shell


def run_cell(shell: NotebookShell, source: str, definitions: bool, seconds: float) -> BaseException | None:
    """Run one cell; the exception that ended it, or None. Stops it softly after `seconds` of CPU time."""
    output = _Output()
    error: BaseException | None
    before = sys.stdout, sys.stderr, sys.displayhook
    sys.stdout = sys.stderr = output
    signal.signal(signal.SIGPROF, _raise_timeout)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.5)
    try:
        error = _run_definitions(shell, source) if definitions else _run_all(shell, source)
        if error is not None and not definitions:
            error = _go_on(shell, source, error)
    except CellTimeout as timeout:
        error = timeout
    except BaseException as other:  # a cell may break its shell; the next one still gets its chance
        error = other
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout, sys.stderr, sys.displayhook = before
        _close_figures()
    return error


def describe_error(error: BaseException) -> tuple[tuple[str, ...], str, str]:
    """Names of the exception's class and bases, its text, and the last line of the notebook that it came through."""
    types = tuple(base.__name__ for base in type(error).__mro__ if base not in UNSPOKEN)
    try:
        text = str(error)[:TRACE_LIMIT].encode("utf-8", "replace").decode()
    except Exception:
        text = ""
    place = ""
    trace = error.__traceback__
    for _ in range(10_000):
        if trace is None:
            break
        file = trace.tb_frame.f_code.co_filename
        if "ipykernel" in file or "<ipython" in file or file.startswith("<"):
            place = f"line {trace.tb_lineno} in {trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        place = f"line {error.lineno}"
    return types[:8], text, place[:200]


def _do_nothing(*_: Any) -> None:
    return


def _run_all(shell: NotebookShell, source: str) -> BaseException | None:
    result = shell.run_cell(source, store_history=False, silent=True)
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def _run_definitions(shell: NotebookShell, source: str) -> BaseException | None:
    """Run a cell's imports, functions, classes and plain constants, each by itself; the first error is returned."""
    first: BaseException | None = None
    for node in _statements(shell.transform_cell(WRAPPING_MAGIC.sub("", source))):
        if isinstance(node, DEFINITIONS) or _is_constant(node):
            error = _run_all(shell, ast.unparse(node))
            first = first or error
    return first


def _go_on(shell: NotebookShell, source: str, error: BaseException) -> BaseException:
    """Behind the line of a cell that failed, run what stands there, statement by statement; the error to report.

    What stands before it has run and is left as it is. Of a cell that is no Python, or that meant to end, the
    definitions run, wherever they stand.
    """
    line = _failed_line(error)
    if isinstance(error, CellTimeout):
        return error
    if line is None or not isinstance(error, Exception) or WRAPPING_MAGIC.match(source):
        _run_definitions(shell, source)
        return error
    for node in _statements(shell.transform_cell(source)):
        later = _run_all(shell, ast.unparse(node)) if node.lineno > line else None
        if isinstance(later, CellTimeout):
            return later
    return error


def _failed_line(error: BaseException) -> int | None:
    """The line of the cell itself in which it failed; None if none of it ran."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "<module>" and "<ipython" in frame.f_code.co_filename:
            return line
    return None


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a cell; where it is no Python as a whole, those of its blocks that are."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        found: list[ast.stmt] = []
        for block in BLOCK_START.split(source):
            try:
                found.extend(ast.parse(block).body)
            except SyntaxError:
                continue
        return found


def _is_constant(node: ast.stmt) -> bool:
    """Whether it gives a name to a literal or to a lambda."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    if isinstance(node.value, ast.Lambda):
        return True
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def _raise_timeout(_signal: int, _frame: FrameType | None) -> None:
    raise CellTimeout


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    try:
        if pyplot is not None:
            pyplot.close("all")
    except Exception:
        return  # the student's own patch of pyplot; nothing of ours depends on it


def work_from(shell: NotebookShell, folder: Path) -> None:
    """Run as a notebook in that folder, whose modules imports find first."""
    released.import_from(folder)
    shell.user_ns["__name__"] = "__main__"
