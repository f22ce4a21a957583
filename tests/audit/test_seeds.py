"""Answers under other seeds: a right one passes, one that hangs on its seed is found, with how often it failed."""

from dataclasses import replace

from autograder.audit import seeds
from autograder.audit.cases import Case
from autograder.audit.seeds import find_answers, find_flakes, judge_answers
from tests.audit.conftest import ASSIGNMENT

EXERCISE = ASSIGNMENT.exercise("split_pair")


def test_solution_comes_last_of_the_answers_and_has_a_source():
    answers = find_answers(ASSIGNMENT, [EXERCISE])
    assert {case.kind for case in answers[:-1]} == {"mutant", "variant"}
    assert {case.exercise for case in answers} == {"split_pair"}
    assert answers[-1].kind == "solution"
    assert "def split_pair" in answers[-1].source


def test_test_that_passes_under_some_seeds_only_is_listed_with_how_often_it_failed(sandbox, monkeypatch):
    solution = find_answers(ASSIGNMENT, [EXERCISE])[-1]
    lucky = solution.source.replace("half = width // 2", "half = width // 2 - int(pair.flatten()[0] < 0)")
    cases = [Case("variant", "split_pair", "lucky", source=lucky), solution]
    monkeypatch.setattr(seeds, "find_answers", lambda *_: cases)
    flakes = find_flakes(ASSIGNMENT, sandbox, [EXERCISE], 6, processes=1)
    assert flakes
    assert {flake.answer for flake in flakes} == {"variant lucky"}
    assert any(0 < flake.failed < flake.seeds == 6 for flake in flakes)


def test_wrong_answer_is_judged_to_its_first_lost_point_and_a_right_one_to_the_end(sandbox):
    solution = find_answers(ASSIGNMENT, [EXERCISE])[-1]
    wrong = Case("mutant", "split_pair", "wrong", source="def split_pair(pair):\n    return None")
    judged = judge_answers(ASSIGNMENT, sandbox, "salt", [wrong, replace(wrong, kind="variant"), solution])
    counts = [len(failures.tests) for failures in judged]
    assert counts[0] == 1
    assert counts[1] > 1
    assert counts[2] == 0
