"""Where the processes of one run of the tests share what takes minutes to make."""

import os
from collections.abc import Iterator

import pytest

from tests.suites.auditing import SHARED


@pytest.fixture(scope="session", autouse=True)
def shared_audits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder that all processes of pytest-xdist and their children know."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "audits"
    folder.mkdir(exist_ok=True)
    os.environ[SHARED] = str(folder)
    yield
    del os.environ[SHARED]
