"""The small course, built once, and nbgrader courses for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nbgrader.courses import NbgraderCourse, build_course, make_nbgrader_course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with its hidden suite, built."""
    return build_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def new_course(tmp_path_factory: pytest.TempPathFactory, course: Path) -> Callable[..., NbgraderCourse]:
    """new_course(more settings): a new nbgrader course in a folder of its own."""
    return lambda settings="": make_nbgrader_course(tmp_path_factory.mktemp("nbgrader"), course, settings)
