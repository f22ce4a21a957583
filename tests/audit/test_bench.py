"""Answers that share a worker: none lives on another, and one that spoils it is found out."""

from dataclasses import replace

import pytest

from autograder.audit import read_solution
from autograder.audit.bench import Bench
from autograder.audit.cost import measure_tests
from autograder.audit.mutants import Mutant
from autograder.audit.trials import try_together
from autograder.errors import AuthorError
from tests.audit.conftest import ASSIGNMENT


def judge(bench: Bench, source: str) -> set[str]:
    bench.put(source)
    return {test.status for test in bench.run_tests(seconds=5.0)}


@pytest.mark.parametrize(
    ("answer", "statuses"),
    [
        ("pass", {"error"}),  # it would pass by the answer before
        ("raise ValueError", {"error"}),
        ("import os\nos._exit(3)", {"error"}),
        ("torch = None\ndef split_pair(pair):\n    return 1 / 0", {"error"}),
        ("del Path, torch", {"error"}),
        ("def split_pair(pair):\n    return pair", {"failed"}),
    ],
)
def test_answer_is_judged_by_itself(with_bench, answer, statuses):
    found = []

    def body(bench: Bench) -> None:
        found.extend(judge(bench, source) for source in (bench.solution, answer, bench.solution))

    with_bench(body)
    assert found == [{"passed"}, statuses, {"passed"}]


def test_definitions_of_a_cell_that_fails_count(with_bench):
    found = []
    with_bench(lambda bench: found.append(judge(bench, "1 / 0\n" + bench.solution)))
    assert found == [{"passed"}]


def test_tests_of_a_right_answer_cost_something_and_a_wrong_one_is_no_measure(with_bench):
    found = []

    def body(bench: Bench) -> None:
        found.append(measure_tests(bench, samples=2))
        bench.solution = "split_pair = None"
        measure_tests(bench)

    with pytest.raises(AuthorError, match="split_pair: its solution fails by the cells above it"):
        with_bench(body)
    assert found[0] > 0


def test_mutants_are_tried_alone_where_one_has_spoilt_the_worker(with_suite, sandbox):
    right = read_solution(ASSIGNMENT)
    own = next(cell for cell in right.cells if cell.exercise == "split_pair")
    fragile = own.source.replace("width = pair.shape[2]", "width = pair.shape[2] + getattr(torch, 'spoilt', 0)")
    cells = tuple(replace(cell, source=fragile) if cell is own else cell for cell in right.cells)
    spoiling = Mutant("split_pair", "", 1, "", "a", "torch.spoilt = 2\n" + own.source)
    same = Mutant("split_pair", "", 1, "", "b", fragile)
    found = []
    with_suite(lambda suite: found.extend(try_together(suite, sandbox, replace(right, cells=cells), [spoiling, same])))
    assert [trial.fate for trial in found] == ["survived", "survived"]
    found.clear()
    sound = Mutant("split_pair", "", 1, "", "c", fragile.replace("// 2", "// 3"))
    with_suite(lambda suite: found.extend(try_together(suite, sandbox, replace(right, cells=cells), [same, sound])))
    assert [(trial.fate, bool(trial.message)) for trial in found] == [("survived", False), ("killed", True)]
