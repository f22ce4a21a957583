"""What the suite says of cases written by hand, compared with what it must say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.audit.cases import Case, find_touched, read_solution, replace_cell
from autograder.course import Assignment
from autograder.grading import grade_submission, open_session
from autograder.master import load_master
from autograder.plugin import Suite
from autograder.results import ExerciseResult, Grade
from autograder.sandbox.launch import Sandbox
from autograder.submission import PlannedCell, Submission, read_submission


@dataclass(frozen=True)
class Verdict:
    """What the suite said of a case, and everything in it that is not as it must be."""

    case: Case
    grade: Grade
    problems: tuple[str, ...]


def audit(suite: Suite, sandbox: Sandbox, cases: list[Case]) -> Iterator[Verdict]:
    """Grade each case, where its change can tell, and compare with what must come of it."""
    assignment = suite.assignment
    solution = read_solution(assignment)
    released = (assignment.release / f"{assignment.name}.ipynb").read_bytes()
    untouched = read_submission(released, load_master(assignment))
    changed = {case.exercise for case in cases} - {""}
    touched = {exercise: find_touched(assignment, solution, exercise) for exercise in changed}
    for case in cases:
        submission = untouched if case.kind == "untouched" else replace_cell(solution, case)
        grade = grade_submission(suite, sandbox, submission, student=case.name, only=touched.get(case.exercise))
        problems = list(_judge(case, grade))
        if (
            case.kind == "mutant"
            and passes_visible_check(sandbox, assignment, submission, case.exercise) != case.visible
        ):
            problems.append(
                f"its header says that the visible check {'passes' if case.visible else 'fails'}: it does not"
            )
        yield Verdict(case, grade, tuple(problems))


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
            elif not has_hint(exercise, case.hint):
                yield f"{exercise.id}: expected the hint {case.hint!r}, got {_words(exercise)!r}"
        elif case.kind != "untouched" and exercise.score != exercise.max_score:
            where = "" if concerned or not case.exercise else " (another exercise than the one that was changed)"
            yield f"{exercise.id}: {exercise.score} of {exercise.max_score:g} points{where}: {_words(exercise)}"


def has_hint(exercise: ExerciseResult, hint: str) -> bool:
    """Whether any test of the exercise said what it should."""
    return any(hint.lower() in f"{test.message}\n{test.hint}".lower() for test in exercise.tests)


def _words(exercise: ExerciseResult) -> str:
    said = [f"{test.message} {test.hint}".strip() for test in exercise.tests if test.status != "passed"]
    return " | ".join(said)[:1000]


def result_of(grade: Grade, exercise_id: str) -> ExerciseResult:
    """The part of a grade that belongs to one exercise."""
    return next(exercise for exercise in grade.exercises if exercise.id == exercise_id)


def score_of(grade: Grade, exercise_id: str) -> float:
    """Points of one exercise; above all others where the grader itself failed."""
    score = result_of(grade, exercise_id).score
    return float("inf") if score is None else score
