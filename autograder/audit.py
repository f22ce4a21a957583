"""The suite put to the test: known-wrong submissions must lose points and get their hint, right ones must not.

A *case* is the course's own solution notebook with one exercise's cell replaced: by a mutant (one line wrong; its
header says what and which hint it must get) or by a variant (right, in another style). Besides them stand the solution
itself, which gets every point, and the untouched release, which gets none.
"""

import json
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograder.course import Assignment, Course
from autograder.errors import AuthorError
from autograder.grading import grade_submission, open_session, read_salt
from autograder.plugin import Suite, open_suite
from autograder.results import ExerciseResult, Grade
from autograder.sandbox.isolation import Level
from autograder.sandbox.launch import Sandbox
from autograder.submission import Master, PlannedCell, Submission, read_master, read_submission

MUTANT = re.compile(r"# wrong: (?P<what>.+?); hint: (?P<hint>.+)")
VISIBLE = re.compile(r"# visible check: (?P<verdict>passes|fails)")
VARIANT = re.compile(r"# right: (?P<what>.+)")

COST_SAMPLES = 5
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


@dataclass(frozen=True)
class Verdict:
    """What the suite said of a case, and everything in it that is not as it must be."""

    case: Case
    grade: Grade
    problems: tuple[str, ...]


def find_cases(assignment: Assignment) -> list[Case]:
    """All mutants and variants of a suite, each with its header read; AuthorError if one has none."""
    cases = [Case("solution", "", "solution"), Case("untouched", "", "untouched release")]
    for exercise in assignment.graded:
        for kind, folder in (("mutant", "mutants"), ("variant", "variants")):
            for path in sorted((assignment.suite / folder / exercise.id).glob("*.py")):
                cases.append(_read_case(kind, exercise.id, path))  # type: ignore[arg-type]  # the two kinds above
    return cases


def audit(suite: Suite, sandbox: Sandbox, cases: list[Case]) -> Iterator[Verdict]:
    """Grade each case and compare with what must come of it."""
    assignment = suite.assignment
    solution = read_solution(assignment)
    released = (assignment.release / f"{assignment.name}.ipynb").read_bytes()
    untouched = read_submission(released, load_master(assignment))
    for case in cases:
        submission = untouched if case.kind == "untouched" else replace_cell(solution, case)
        grade = grade_submission(suite, sandbox, submission, student=case.name)
        problems = list(_judge(case, grade))
        if (
            case.kind == "mutant"
            and passes_visible_check(sandbox, assignment, submission, case.exercise) != case.visible
        ):
            problems.append(
                f"its header says that the visible check {'passes' if case.visible else 'fails'}: it does not"
            )
        yield Verdict(case, grade, tuple(problems))


def measure_cost(suite: Suite, sandbox: Sandbox, submission: Submission) -> float:
    """CPU seconds that one submission costs: the grader's and all that is spent behind the wall."""
    begun = time.process_time()
    session = open_session(sandbox, suite.assignment, submission)
    try:
        session.run_cells()
        for exercise in suite.assignment.graded:
            lost = [test.name for test in suite.run_exercise(exercise, session) if test.status != "passed"]
            if lost:
                raise AuthorError(
                    f"{suite.assignment.name}: a right submission lost points in {lost}: its cost is none"
                )
    finally:
        session.close()
    return time.process_time() - begun + session.cpu_seconds


def audit_assignment(course: Course, assignment: Assignment, level: Level, exercises: list[str]) -> int:
    """Audit one assignment, or only some of its exercises, and print what came of it; the number of problems."""
    verdicts: list[Verdict] = []
    costs: list[float] = []

    def run(suite: Suite) -> None:
        cases = [case for case in find_cases(assignment) if not exercises or case.exercise in {"", *exercises}]
        with Sandbox(level, assignment.release.parent) as sandbox:
            verdicts.extend(tqdm(audit(suite, sandbox, cases), total=len(cases), desc=assignment.name, unit="case"))
            if not verdicts[0].problems:  # the solution
                solution = read_solution(assignment)
                costs.extend(measure_cost(suite, sandbox, solution) for _ in range(COST_SAMPLES))

    open_suite(assignment, read_salt(course.root), run)
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(summarise(assignment, verdicts))
    if costs:
        console.print(f"a right submission costs {statistics.median(costs):.2f} CPU s (median of {COST_SAMPLES})\n")
    for verdict in verdicts:
        for problem in verdict.problems:
            place = "/".join(filter(None, (verdict.case.kind, verdict.case.exercise, verdict.case.name)))
            console.print(f"{place}: {problem}", markup=False)
    return sum(len(verdict.problems) for verdict in verdicts)


def summarise(assignment: Assignment, verdicts: list[Verdict]) -> Table:
    """Per exercise: mutants caught, with their hint, past the visible check; variants accepted."""
    table = Table(title=f"audit of {assignment.name}", box=box.SIMPLE_HEAD)
    for name in ("Exercise", "Mutants caught", "hint right", "pass visible check", "Variants accepted"):
        table.add_column(name, justify="left" if name == "Exercise" else "right")
    for exercise in assignment.graded:
        mine = [verdict for verdict in verdicts if verdict.case.exercise == exercise.id]
        if not mine:
            continue
        mutants = [verdict for verdict in mine if verdict.case.kind == "mutant"]
        variants = [verdict for verdict in mine if verdict.case.kind == "variant"]
        caught = [v for v in mutants if _score(v.grade, exercise.id) < exercise.points]
        hinted = [v for v in caught if _hinted(_result(v.grade, exercise.id), v.case.hint)]
        accepted = [verdict for verdict in variants if not verdict.problems]
        table.add_row(
            exercise.id,
            f"{len(caught)} / {len(mutants)}",
            f"{len(hinted)} / {len(mutants)}",
            str(sum(verdict.case.visible for verdict in mutants)),
            f"{len(accepted)} / {len(variants)}",
        )
    table.caption = "  ".join(
        f"{v.case.name}: {_points(v.grade)}" for v in verdicts if v.case.kind in ("solution", "untouched")
    )
    return table


def load_master(assignment: Assignment) -> Master:
    """The reader's view of the release."""
    path = assignment.release / f"{assignment.name}.ipynb"
    if not path.is_file():
        raise AuthorError(f"{path}: expected the released notebook, found none; run autograder build {assignment.name}")
    return read_master(json.loads(path.read_bytes()))


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


def passes_visible_check(sandbox: Sandbox, assignment: Assignment, submission: Submission, exercise: str) -> bool:
    """Whether the notebook's own check of an exercise runs through."""
    notebook = json.loads((assignment.release / f"{assignment.name}.ipynb").read_bytes())
    check = next(cell for cell in notebook["cells"] if cell["id"] == f"{exercise}_check")
    cells = list(submission.cells)
    cells.append(PlannedCell(check["id"], None, "".join(check["source"]), "all"))
    session = open_session(sandbox, assignment, replace(submission, cells=tuple(cells)))
    try:
        return session.run_cells()[-1].status == "ok"
    finally:
        session.close()


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


def _judge(case: Case, grade: Grade) -> Iterator[str]:
    if grade.status != "graded":
        yield f"the submission ended as {grade.status}: {grade.message[:2000]}"
    for exercise in grade.exercises:
        concerned = exercise.id == case.exercise
        if case.kind == "untouched" and exercise.score:
            yield f"{exercise.id}: {exercise.score:g} points for an untouched exercise"
        elif case.kind == "mutant" and concerned:
            if exercise.score is not None and exercise.score >= exercise.max_score:
                yield f"{exercise.id}: full marks for a wrong answer"
            elif not _hinted(exercise, case.hint):
                yield f"{exercise.id}: expected the hint {case.hint!r}, got {_words(exercise)!r}"
        elif case.kind != "untouched" and exercise.score != exercise.max_score:
            where = "" if concerned or not case.exercise else " (another exercise than the one that was changed)"
            yield f"{exercise.id}: {exercise.score} of {exercise.max_score:g} points{where}: {_words(exercise)}"


def _hinted(exercise: ExerciseResult, hint: str) -> bool:
    return any(hint.lower() in f"{test.message}\n{test.hint}".lower() for test in exercise.tests)


def _words(exercise: ExerciseResult) -> str:
    said = [f"{test.message} {test.hint}".strip() for test in exercise.tests if test.status != "passed"]
    return " | ".join(said)[:1000]


def _result(grade: Grade, exercise_id: str) -> ExerciseResult:
    return next(exercise for exercise in grade.exercises if exercise.id == exercise_id)


def _score(grade: Grade, exercise_id: str) -> float:
    score = _result(grade, exercise_id).score
    return float("inf") if score is None else score


def _points(grade: Grade) -> str:
    return f"{'none' if grade.score is None else f'{grade.score:g}'} of {grade.max_score:g}"
