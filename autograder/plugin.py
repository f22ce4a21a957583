"""The pytest plug-in that runs a hidden suite against one submission after the other.

pytest collects a suite once; its items then run for each submission. Tests see two fixtures: `submission`, the proxy of
the student's code, and `rng`, the source of all hidden inputs. A test passes, or it fails with a message for the
student; every other exception is the grader's own fault and marked as such.
"""

import ctypes
import gc
import hashlib
import random
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from _pytest.runner import runtestprotocol  # what pytest's own loop calls for each item

from autograder.course import Assignment, Exercise
from autograder.errors import AuthorError
from autograder.results import TestResult, TestStatus
from autograder.sandbox import isolation
from autograder.sandbox.answer import StudentRaised, WrongAnswer
from autograder.sandbox.launch import SandboxLost, WorkerGone, WorkerMemory, WorkerTimeout
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Session

TIMEOUTS_PER_EXERCISE = 2


class Suite:
    """The collected tests of one assignment, in the order of its exercises."""

    def __init__(self, assignment: Assignment, tests: dict[str, list[pytest.Item]], plugin: "SuitePlugin") -> None:
        self.assignment, self._tests, self._plugin = assignment, tests, plugin
        self.sha256 = hash_suite(assignment.suite)
        self.faults: list[str] = []

    def run_exercise(self, exercise: Exercise, session: Session) -> tuple[TestResult, ...]:
        """Run an exercise's tests against a submission; after two timeouts the rest counts as timeouts too."""
        results: list[TestResult] = []
        for item in self._tests[exercise.id]:
            timeouts = sum(result.status == "timeout" for result in results)
            if timeouts >= TIMEOUTS_PER_EXERCISE or session.exhausted:
                reason = "not run: the tests before it took too long"
                results.append(_result(item, "timeout", reason))
            else:
                results.append(self._plugin.run(item, self._other(item), exercise, session, self.faults))
        return tuple(results)

    def run_tests(self, exercise: Exercise, session: Session) -> Iterator[TestResult]:
        """An exercise's tests one by one, so that the caller may stop."""
        for item in self._tests[exercise.id]:
            yield self._plugin.run(item, self._other(item), exercise, session, self.faults)

    def _other(self, item: pytest.Item) -> pytest.Item | None:
        """Another test, of the same file if there is one: pytest keeps set up what the two share."""
        others = [other for tests in self._tests.values() for other in tests if other is not item]
        return next((other for other in others if other.parent is item.parent), others[0] if others else None)


class SuitePlugin:
    """Collects, checks the points, hands the suite to `body`, and runs single items for it."""

    def __init__(self, assignment: Assignment, salt: str, body: Callable[[Suite], None]) -> None:
        self._assignment, self._salt, self._body = assignment, salt, body
        self._session: Session | None = None
        self._seed = 0
        self._error: BaseException | None = None
        self.problem: Exception | None = None

    @pytest.fixture
    def submission(self) -> Submission:
        """The student's functions and classes, by name."""
        if self._session is None:
            raise AuthorError("the fixture `submission` is there only while a submission is graded")
        return Submission(self._session)

    @pytest.fixture
    def rng(self) -> torch.Generator:
        """The source of hidden inputs: the same for everyone who has the course's salt, different in each test."""
        return torch.Generator().manual_seed(self._seed)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n): what a hidden test is worth")
        config.option.tbstyle = "no"  # a report is dear, and nobody reads it: `judge` looks at the exception

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's loop over its items: the loop over submissions."""
        try:
            if session.testsfailed:
                raise AuthorError(f"{self._assignment.suite}: the suite does not import; run pytest on it to see why")
            suite = Suite(self._assignment, group_by_exercise(self._assignment, session.items), self)
            gc.collect()
            gc.freeze()  # what is imported is no garbage: it would be searched again and again, and copied after forks
            self._body(suite)
        except Exception as problem:  # pytest would print it and go on
            self.problem = problem
        finally:
            gc.unfreeze()
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return (yield)

    def run(
        self, item: pytest.Item, other: pytest.Item | None, exercise: Exercise, session: Session, faults: list[str]
    ) -> TestResult:
        """Run one test against a submission; what it shares with `other` stays set up."""
        self._session, self._error = session, None
        self._seed = _seed(self._salt, self._assignment.name, item.nodeid.rpartition("/")[2])
        torch.default_generator.manual_seed(self._seed)  # torch.manual_seed would queue a call for each absent GPU
        np.random.seed(self._seed % (1 << 32))
        random.seed(self._seed)
        begun = time.monotonic()
        try:
            session.begin_test(self._seed, exercise.cpu_seconds)
            item.session._setupstate.teardown_exact(item)  # what only the test before needed
            runtestprotocol(item, log=False, nextitem=other)
        except WorkerGone as gone:
            self._error = gone
        finally:
            self._session = None
        status, message, hint = judge(self._error)
        if status == "internal" and self._error is not None:
            faults.append(f"{item.nodeid}: " + "".join(traceback.format_exception(self._error)))
        return _result(item, status, message, hint, time.monotonic() - begun)


def open_suite(assignment: Assignment, salt: str, body: Callable[[Suite], None]) -> None:
    """Collect the suite of an assignment and hand it to `body`; AuthorError if it is not fit to grade with."""
    if not assignment.suite.is_dir():
        raise AuthorError(f"{assignment.suite}: expected the hidden suite of {assignment.name}, found no such folder")
    torch.set_num_threads(1)  # as in a worker: the same operations then give the same bits
    torch.backends.mkldnn.enabled = False  # type: ignore[assignment]  # torch types it as a descriptor
    _import_lazy_modules()
    _keep_freed_memory()
    plugin = SuitePlugin(assignment, salt, body)
    arguments = ["--import-mode=importlib", "--capture=no", "-p", "no:cacheprovider"]
    arguments += ["-p", "no:terminal", "-p", "no:faulthandler", "-p", "no:hypothesispytest", "-p", "no:nbval"]
    arguments += ["-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:logging"]
    arguments += ["--rootdir", str(assignment.root), "-c", str(assignment.root / "pyproject.toml"), "-o", "addopts="]
    pytest.main([*arguments, *(str(path) for path in sorted(assignment.suite.glob("test_*.py")))], plugins=[plugin])
    if plugin.problem is not None:
        raise plugin.problem


def group_by_exercise(assignment: Assignment, items: Iterable[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """Tests by exercise; AuthorError unless each exercise has tests whose points sum to what it is worth."""
    grouped: dict[str, list[pytest.Item]] = {exercise.id: [] for exercise in assignment.graded}
    for item in items:
        exercise = item.path.stem.removeprefix("test_")
        if exercise not in grouped:
            raise AuthorError(f"{item.path}: {assignment.name} has no graded exercise {exercise!r}")
        grouped[exercise].append(item)
    for graded in assignment.graded:
        total = sum(points_of(item) for item in grouped[graded.id])
        if abs(total - graded.points) > 1e-9:
            place = assignment.suite / f"test_{graded.id}.py"
            raise AuthorError(f"{place}: expected tests worth {graded.points:g} points, got {total:g}")
    return grouped


def points_of(item: pytest.Item) -> float:
    """What a test is worth, by its marker."""
    marker = item.get_closest_marker("points")
    if marker is None or len(marker.args) != 1 or not marker.args[0] > 0:
        raise AuthorError(f"{item.nodeid}: expected @pytest.mark.points(n) with n above 0")
    return float(marker.args[0])


def judge(error: BaseException | None) -> tuple[TestStatus, str, str]:
    """Status, message and hint for what ended a test."""
    match error:
        case None:
            return "passed", "", ""
        case SandboxLost():
            raise error
        case StudentRaised():
            return ("memory" if "MemoryError" in error.types else "error"), error.message, error.hint
        case WrongAnswer():
            return "failed", error.message, error.hint
        case WorkerTimeout():
            return "timeout", str(error), ""
        case WorkerMemory():
            return "memory", str(error), ""
        case WorkerGone():
            return "error", str(error), ""
        case KeyboardInterrupt():
            raise error
    return "internal", "the grader itself failed here; this costs you nothing, your instructor has been told", ""


def hash_suite(folder: Path) -> str:
    """SHA-256 of what decides a grade: tests, references, comparisons; not mutants and variants."""
    digest = hashlib.sha256()
    for path in [*sorted(folder.glob("*.py")), Path(__file__).parent / "compare.py"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _import_lazy_modules() -> None:
    """Import here what the first gradient with a cotangent imports (500 modules), not in every process forked later."""
    x = torch.ones((), requires_grad=True)
    torch.autograd.grad(x * 1, x, torch.ones(()))


def _keep_freed_memory() -> None:
    """The memory of large tensors stays here, as it does in a worker."""
    library = ctypes.CDLL(None)
    for option, size in isolation.KEPT_MEMORY.values():
        library.mallopt(option, size)


def _result(item: pytest.Item, status: TestStatus, message: str, hint: str = "", seconds: float = 0.0) -> TestResult:
    points = points_of(item)
    return TestResult(
        name=_title(item),
        status=status,
        points=points if status == "passed" else 0.0,
        max_points=points,
        message=message,
        hint=hint,
        seconds=round(seconds, 4),
    )


def _title(item: pytest.Item) -> str:
    function: Any = getattr(item, "function", None)
    text = (function.__doc__ or "").strip().splitlines() if function is not None else []
    return str(text[0]).rstrip(".") if text else item.name.removeprefix("test_").replace("_", " ")


def _seed(salt: str, assignment: str, test: str) -> int:
    digest = hashlib.sha256(f"{salt}\0{assignment}\0{test}".encode()).digest()
    return int.from_bytes(digest[:6], "big")
