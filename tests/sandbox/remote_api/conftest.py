"""Small right submissions in the sandbox, and what a hidden test says of them and of one-line changes to them."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox.answer import StudentRaised, WrongAnswer
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Cell, Session, SessionLimits

STUDENTS = Path(__file__).parent / "students"
LIMITS = SessionLimits(cell_seconds=5.0, total_seconds=60.0, memory=1 << 30)
Check = Callable[[Submission], None]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One zygote for all of these tests."""
    released = tmp_path_factory.mktemp("course") / "release"  # pytest's own folder is closed to the sandbox's user
    for path in STUDENTS.glob("*.py"):
        (released / path.stem).mkdir(parents=True)
    with Sandbox("nested", released) as running:
        yield running


@pytest.fixture
def verdict(sandbox: Sandbox) -> Callable[..., str]:
    """verdict(check, assignment, old, new): what a check says of the submission with `old` replaced; "" is right.

    An exception of the submission's own is no verdict: a change that merely breaks it proves nothing about the check.
    """

    def run(check: Check, assignment: str, old: str = "", new: str = "") -> str:
        source = (STUDENTS / f"{assignment}.py").read_text()
        if old:
            assert source.count(old) == 1, f"{source.count(old)} times {old!r}"
            source = source.replace(old, new)
        definitions = (ast.FunctionDef, ast.ClassDef)
        names = [node.name for node in ast.parse(source).body if isinstance(node, definitions)]
        session = Session(sandbox, assignment, [Cell("all", source)], names, LIMITS)
        try:
            (outcome,) = session.run_cells()
            assert outcome.status == "ok", outcome.error
            session.begin_test(1, LIMITS.total_seconds)
            check(Submission(session))
        except StudentRaised:
            raise
        except WrongAnswer as wrong:
            return wrong.message
        finally:
            session.close()
        return ""

    return run
