"""Automatic mutants: that each is a program of its own, and what is left alone."""

import ast
from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.audit.mutants import find_mutants, solution_lines
from autograder.course import Assignment, Exercise
from tests.audit.real import COURSE, real_mutants

EXERCISES = [(assignment, exercise) for assignment in COURSE.assignments for exercise in assignment.graded]


def test_words_annotations_and_what_is_printed_are_left_alone():
    source = '''\
    """At 1 + 2."""

    def f(x: "a" = None) -> "b":
        """Adds 1."""
        "Adds 2."
        print("now", 1 + 2)
        raise ValueError(f"{x}: expected 1", 2)

    def __repr__(self):
        return "f" + "g"
    '''
    assert [(mutant.operator, mutant.after) for mutant in find_mutants("x", dedent(source))] == [
        ("none", 'def f(x: "a" = 0) -> "b":'),
        ("removed statement", "pass"),
        ("removed statement", "pass"),
    ]


def test_only_lines_between_the_markers_are_changed():
    source = """\
    def f(x, n=3):
        ### BEGIN SOLUTION
        return x + n
        ### END SOLUTION


    def g(x):
        return x - 1
    """
    assert solution_lines(dedent(source)) == {3}
    assert {mutant.line for mutant in find_mutants("x", dedent(source))} == {3}


def test_comment_and_indentation_are_no_part_of_the_change():
    source = "def f():\n    return a + b  # (n,), the sum\n"
    assert ("return a + b", "return a - b") in {(m.before, m.after) for m in find_mutants("x", source)}


def test_same_program_comes_once():
    mutants = find_mutants("x", "x = 1\n")  # both n - 1 and 0 are 0
    assert len({ast.dump(ast.parse(mutant.source)) for mutant in mutants}) == len(mutants)
    assert [mutant.after for mutant in mutants] == ["pass", "x = 2", "x = 0", "x = -1"]


@settings(deadline=None)  # the first of an exercise makes them all
@given(st.sampled_from(EXERCISES), st.data())
def test_mutant_of_a_real_solution_is_another_program_outside_of_which_nothing_changed(which, data):
    assignment, exercise = which
    source, mutants = real_mutants(assignment.name, exercise.id)
    mutant = data.draw(st.sampled_from(mutants))
    old, new = source.splitlines(), mutant.source.splitlines()
    assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(source))
    assert mutant.before != mutant.after
    assert set(range(1, len(old) + 1)) - solution_lines(source) <= kept_lines(old, new)


def kept_lines(old: list[str], new: list[str]) -> set[int]:
    """Numbers of the old lines that stand before or behind the change."""
    head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = next((i for i, (a, b) in enumerate(rest) if a != b), min(len(old), len(new)) - head)
    return {*range(1, head + 1), *range(len(old) - tail + 1, len(old) + 1)}


def describe(value: Assignment | Exercise) -> str:
    return value.name if isinstance(value, Assignment) else value.id


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=describe)
def test_real_mutants_are_all_different_and_always_the_same(assignment, exercise):
    source, mutants = real_mutants(assignment.name, exercise.id)
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in mutants]
    assert len(set(dumps)) == len(dumps) >= 4
    assert find_mutants(exercise.id, source) == list(mutants)
    assert all(above.line <= below.line for above, below in pairwise(mutants))
