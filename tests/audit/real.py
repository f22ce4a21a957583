"""The course's own solutions and their automatic mutants."""

from functools import cache
from pathlib import Path

from autograder.audit import read_solution
from autograder.audit.mutants import Mutant
from autograder.audit.trials import mutants_of
from autograder.course import load_course

COURSE = load_course(Path(__file__).parents[2])


@cache
def real_mutants(name: str, exercise: str) -> tuple[str, tuple[Mutant, ...]]:
    assignment = COURSE.assignment(name)
    solution = read_solution(assignment)
    source = next(cell.source for cell in solution.cells if cell.exercise == exercise)
    return source, tuple(mutants_of(solution, assignment.exercise(exercise)))
