"""A course of one assignment, and one arena for each level that a test asks for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox import isolation
from tests.attacks.arena import Arena
from tests.attacks.outside import MARK


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Released folders of a course with one assignment, `tiny`."""
    return release(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def arena(released: Path) -> Iterator[Callable[[isolation.Level], Arena]]:
    """arena(level): the one of that level."""
    opened: dict[isolation.Level, Arena] = {}

    def open_one(level: isolation.Level) -> Arena:
        if level not in opened:
            opened[level] = Arena(level, released)
        return opened[level]

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(isolation.ENVIRONMENT, *MARK)
        yield open_one
    for one in opened.values():
        one.close()


def release(folder: Path) -> Path:
    """Write that course into a folder, readable by all; where its releases lie."""
    (folder / "release/tiny").mkdir(parents=True)
    (folder / "release/tiny/course.py").write_text("ANSWER = 42\n")
    for path in (folder, folder / "release", folder / "release/tiny"):
        path.chmod(0o755)
    return folder / "release"
