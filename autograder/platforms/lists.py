"""Plain lists of scores: nbgrader's columns as `nbgrader export` writes them, and one wide table for a spreadsheet.

Source of the columns: nbgrader 0.9, nbgrader/plugins/export.py.
"""

from collections.abc import Sequence

from autograder.course import Assignment
from autograder.platforms.matching import Matching, match_students
from autograder.platforms.scores import Problem, find_problem, full_points
from autograder.records import Records
from autograder.report.chapters import moment_of
from autograder.spreadsheets import Sheet

NBGRADER_COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
Rows = list[list[str | float | None]]


def list_nbgrader(
    sheet: Sheet | None, records: Records, assignments: Sequence[Assignment], match: str | None
) -> tuple[Rows, list[Problem], Matching | None]:
    """A row for each assignment and student; who handed nothing in has 0 there, as nbgrader does it."""
    students, matching, problems = _everybody(sheet, records, match)
    body: Rows = []
    for assignment in assignments:
        grades = {grade.student: grade for grade in records.of(assignment.name)}
        for student, row in students:
            grade = grades.get(student)
            problem = find_problem(grade) if grade else None
            problems += [problem] if problem else []
            moment = moment_of(grade) if grade else None
            score = 0.0 if grade is None else None if problem else grade.score
            body.append(
                [
                    *(assignment.name, "", "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}", student),
                    *_person(sheet, row),
                    *(score, 0.0, score, full_points(assignment)),
                ]
            )
    return [list(NBGRADER_COLUMNS), *body], problems, matching


def list_wide(
    sheet: Sheet | None, records: Records, assignments: Sequence[Assignment], match: str | None
) -> tuple[Rows, list[Problem], Matching | None]:
    """A row for each student: the roster's columns, then score, maximum and status of each assignment."""
    students, matching, problems = _everybody(sheet, records, match)
    header: list[str | float | None] = ["student", *(sheet.header if sheet else ())]
    for assignment in assignments:
        header += [assignment.name, f"{assignment.name} max", f"{assignment.name} status"]
    grades = {(grade.student, grade.assignment): grade for grade in records.grades}
    body: Rows = []
    for student, row in students:
        line: list[str | float | None] = [student]
        line += list(row) if row else [""] * (len(sheet.header) if sheet else 0)
        for assignment in assignments:
            grade = grades.get((student, assignment.name))
            problem = find_problem(grade) if grade else None
            problems += [problem] if problem else []
            line += ["", "", ""] if grade is None else [None if problem else grade.score, grade.max_score, grade.status]
        body.append(line)
    return [header, *body], problems, matching


def _everybody(
    sheet: Sheet | None, records: Records, match: str | None
) -> tuple[list[tuple[str, tuple[str, ...]]], Matching | None, list[Problem]]:
    """Students and their rows of the roster (empty without one): those of the results, then the other members."""
    students = sorted({grade.student for grade in records.grades})
    if sheet is None:
        return [(student, ()) for student in students], None, []
    matching = match_students(students, sheet, match)
    place = sheet.header.index(matching.column)
    found: list[tuple[str, tuple[str, ...]]] = [
        (student, sheet.rows[matching.rows[student]] if student in matching.rows else ()) for student in students
    ]
    others = [(sheet.rows[row][place], sheet.rows[row]) for row in matching.without]
    problems = [Problem(student, "", "not in the roster") for student in matching.unknown]
    problems += [Problem(name, "", "in the roster, but no result") for name, _ in others]
    return found + others, matching, problems


def _person(sheet: Sheet | None, row: tuple[str, ...]) -> tuple[str, str, str]:
    """Last name, first name and e-mail address, as far as the roster has them."""

    def cell(*names: str) -> str:
        places = [sheet.column(name) for name in names] if sheet and row else []
        return next((row[place] for place in places if place is not None and row[place]), "")

    last, _, first = cell("Student").partition(",")
    return (
        cell("Last name", "LastName", "last_name", "Surname") or last.strip(),
        cell("First name", "FirstName", "first_name") or first.strip(),
        cell("Email address", "Email"),
    )
