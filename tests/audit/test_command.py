"""A whole audit of one exercise: what is printed, and whether the suite is good enough."""

import pytest

from autograder.audit import trials
from autograder.audit.command import audit_assignment
from autograder.audit.mutants import Mutant
from tests.audit.conftest import ASSIGNMENT
from tests.audit.real import COURSE


@pytest.fixture
def audit(capsys):
    """audit(): audit the automatic mutants of split_pair; whether all is well, and what was printed."""

    def run() -> tuple[bool, str]:
        sound = audit_assignment(COURSE, ASSIGNMENT, "nested", ["split_pair"], hand_written=False)
        return sound, capsys.readouterr().out

    return run


def test_good_suite_kills_its_mutants_on_several_processes(audit):
    sound, text = audit()
    assert sound
    assert "100.0 %" in text
    assert "no mistakes, not counted: 1 " in text
    assert "survived" not in text


def test_survivor_of_a_bad_suite_is_shown_and_the_audit_fails(audit, monkeypatch):
    def find(exercise: str, source: str) -> list[Mutant]:
        listed = Mutant(exercise, "number", 1, "half = width // 2", "half = width // -2", source)
        return [listed, Mutant(exercise, "number", 1, "width", "wide", source + "\nwide = 3\n")]

    monkeypatch.setattr(trials, "find_mutants", find)
    sound, text = audit()
    assert not sound
    assert "survived: split_pair, line 1 of its cell (number)\n  - width\n  + wide\n" in text
    assert "problem: expected a mutation score of 95% at least, got 0.0%" in text


def test_listed_mutant_that_a_test_kills_is_a_problem(audit, monkeypatch):
    def find(exercise: str, source: str) -> list[Mutant]:
        return [Mutant(exercise, "number", 1, "half = width // 2", "half = width // -2", "split_pair = None")]

    monkeypatch.setattr(trials, "find_mutants", find)
    sound, text = audit()
    assert not sound
    assert "problem: equivalent.toml: split_pair: 'half = width // 2' → 'half = width // -2': said to be" in text
