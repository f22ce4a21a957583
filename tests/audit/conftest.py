"""A real suite and a sandbox, to try answers on."""

from collections.abc import Callable, Iterator

import pytest

from autograder.audit import read_solution
from autograder.audit.bench import Bench
from autograder.plugin import Suite, open_suite
from autograder.sandbox.launch import Sandbox
from tests.audit.real import COURSE

ASSIGNMENT = COURSE.assignment("data_loading")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("nested", ASSIGNMENT.release.parent) as opened:
        yield opened


@pytest.fixture
def with_suite(sandbox) -> Callable[[Callable[[Suite], None]], None]:
    """with_suite(body): open the suite of data_loading for it."""
    return lambda body: open_suite(ASSIGNMENT, "", body)


@pytest.fixture
def with_bench(with_suite, sandbox) -> Callable[[Callable[[Bench], None]], None]:
    """with_bench(body): a bench for answers to split_pair."""

    def run(suite: Suite, body: Callable[[Bench], None]) -> None:
        bench = Bench(suite, sandbox, read_solution(ASSIGNMENT), ASSIGNMENT.exercise("split_pair"))
        try:
            body(bench)
        finally:
            bench.close()

    return lambda body: with_suite(lambda suite: run(suite, body))
