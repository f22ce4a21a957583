"""Cases written by hand: known-wrong submissions must lose points and get their hint, right ones must not.

A *case* is the course's own solution notebook with one exercise's cell replaced: by a mutant (one line wrong; its
header says what and which hint it must get) or by a variant (right, in another style). Besides them stand the solution
itself, which gets every point, and the untouched release, which gets none.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograder.course import Assignment
from autograder.errors import AuthorError
from autograder.master import load_master
from autograder.submission import PlannedCell, Submission, read_submission

MUTANT = re.compile(r"# wrong: (?P<what>.+?); hint: (?P<hint>.+)")
VISIBLE = re.compile(r"# visible check: (?P<verdict>passes|fails)")
VARIANT = re.compile(r"# right: (?P<what>.+)")

Kind = Literal["solution", "untouched", "mutant", "variant"]


@dataclass(frozen=True)
class Case:
    """A submission whose verdict is known. `hint`: what a message or hint must contain; `visible`: the check passes."""

    kind: Kind
    exercise: str
    name: str
    what: str = ""
    source: str = ""
    hint: str = ""
    visible: bool = True


def find_cases(assignment: Assignment) -> list[Case]:
    """All mutants and variants of a suite, each with its header read; AuthorError if one has none."""
    cases = [Case("solution", "", "solution"), Case("untouched", "", "untouched release")]
    for exercise in assignment.graded:
        for kind, folder in (("mutant", "mutants"), ("variant", "variants")):
            for path in sorted((assignment.suite / folder / exercise.id).glob("*.py")):
                cases.append(_read_case(kind, exercise.id, path))  # type: ignore[arg-type]  # the two kinds above
    return cases


def read_solution(assignment: Assignment) -> Submission:
    """The source notebook as the reader sees it."""
    return read_submission((assignment.source / f"{assignment.name}.ipynb").read_bytes(), load_master(assignment))


def replace_cell(solution: Submission, case: Case) -> Submission:
    """The solution with one exercise's cell replaced by the case's."""
    if not case.source:
        return solution
    cells = tuple(
        PlannedCell(cell.id, cell.exercise, case.source, "all") if cell.exercise == case.exercise else cell
        for cell in solution.cells
    )
    return replace(solution, cells=cells)


def find_touched(assignment: Assignment, solution: Submission, exercise: str) -> frozenset[str]:
    """The exercises that a change of one exercise's cell may touch.

    Itself, those whose cells name what its cell defines, directly or through others, and those whose tests call that.
    """
    trees = {cell.id: ast.parse(cell.source) for cell in solution.cells}
    defined = {key: set(_definitions(tree)) for key, tree in trees.items()}
    named = {key: {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} for key, tree in trees.items()}
    touched = {cell.id for cell in solution.cells if cell.exercise == exercise}
    while more := {key for key in trees.keys() - touched if any(named[key] & defined[other] for other in touched)}:
        touched |= more
    changed = set().union(*(defined[key] for key in touched))
    called = {graded.id for graded in assignment.graded if changed & _read_words(assignment, graded.id)}
    return frozenset(cell.exercise for cell in solution.cells if cell.exercise and cell.id in touched) | called


def _read_words(assignment: Assignment, exercise: str) -> set[str]:
    """The strings in an exercise's tests: names of what they call are among them."""
    tests = assignment.suite / f"test_{exercise}.py"
    tree = ast.parse(tests.read_text() if tests.is_file() else "")
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _definitions(module: ast.Module) -> Iterator[str]:
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


def _read_case(kind: Kind, exercise: str, path: Path) -> Case:
    lines = path.read_text().splitlines()
    if kind == "variant":
        header = VARIANT.fullmatch(lines[0])
        if header is None:
            raise AuthorError(f'{path}: expected a first line "# right: <style>", got {lines[0]!r}')
        return Case(kind, exercise, path.stem, header["what"], "\n".join(lines[1:]))
    header, visible = MUTANT.fullmatch(lines[0]), VISIBLE.fullmatch(lines[1])
    if header is None:
        raise AuthorError(f'{path}: expected a first line "# wrong: <what>; hint: <text>", got {lines[0]!r}')
    if visible is None:
        raise AuthorError(f'{path}: expected a second line "# visible check: passes" or "fails", got {lines[1]!r}')
    return Case(
        kind, exercise, path.stem, header["what"], "\n".join(lines[2:]), header["hint"], visible["verdict"] == "passes"
    )
