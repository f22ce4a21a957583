"""One zygote for each level and all tests; workers, sessions and a neighbour that must not notice anything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox import isolation
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.proxy import Submission
from autograder.sandbox.session import Cell, Session, SessionLimits
from tests.attacks.outside import MARK

MEMORY = 512 << 20
LEVELS = ("nested", "bubblewrap")  # the walls that this kind of machine gives to root; landlock: see test_hosts.py


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Released folders of a course with one assignment, `tiny`, beside things that no student may see."""
    root = tmp_path_factory.mktemp("course")
    (root / "release/tiny").mkdir(parents=True)
    (root / "release/tiny/course.py").write_text("ANSWER = 42\n")
    root.chmod(0o755)
    for folder in (root / "release", root / "release/tiny"):
        folder.chmod(0o755)
    return root / "release"


@pytest.fixture(scope="session")
def open_sandbox(released: Path) -> Iterator[Callable[[str], Sandbox]]:
    """open_sandbox(level) gives the one sandbox of that level."""
    opened: dict[str, Sandbox] = {}

    def open_one(level: str) -> Sandbox:
        if level not in opened:
            opened[level] = Sandbox(level, released)
        return opened[level]

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(isolation.ENVIRONMENT, *MARK)
        yield open_one
    for sandbox in opened.values():
        sandbox.close()


@pytest.fixture
def start(open_sandbox) -> Iterator[Callable[..., Session]]:
    """start(*sources, level=…, entries=…, cell_seconds=…) runs cells in a new worker; the session has `.outcomes`."""
    sessions: list[Session] = []

    def run(
        *sources: str,
        level: str = "nested",
        entries: tuple[str, ...] = ("attack", "f"),
        cell_seconds: float = 5.0,
        total_seconds: float = 60.0,
        memory: int = MEMORY,
        definitions: tuple[int, ...] = (),
    ) -> Session:
        cells = [Cell(str(number), text, number in definitions) for number, text in enumerate(sources)]
        limits = SessionLimits(cell_seconds, total_seconds, memory)
        session = Session(open_sandbox(level), "tiny", cells, entries, limits)
        sessions.append(session)
        session.outcomes = session.run_cells()
        session.begin_test(seed=1, cpu_seconds=cell_seconds)
        return session

    yield run
    for session in sessions:
        session.close()


@pytest.fixture
def submit(start) -> Callable[..., Submission]:
    """submit(*sources, …) is the proxy of such a session."""
    return lambda *sources, **options: Submission(start(*sources, **options))


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    return request.param
