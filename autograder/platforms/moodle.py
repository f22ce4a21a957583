"""Moodle's offline grading worksheet with our grades in it, or a file for its gradebook import.

The worksheet (a column "Identifier") keeps every column: Moodle reads Identifier, Grade, Last modified (grade) and
Feedback comments, and skips in silence what is above the maximum. Another roster (Username or Email address) becomes a
file for Grades, Import, where columns are mapped by hand.
Source: moodle, mod/assign/feedback/offline/importgradeslib.php and locallib.php.
"""

import html

from autograder.course import Assignment
from autograder.errors import GraderError
from autograder.platforms.matching import Matching, match_students
from autograder.platforms.scores import Problem, find_factor, find_problem, full_points, show_score
from autograder.records import Records
from autograder.results import Grade, visible_text
from autograder.spreadsheets import Sheet, parse_number

IDENTIFIER, GRADE, MAXIMUM = "Identifier", "Grade", "Maximum Grade"
MODIFIED, COMMENTS, CHANGEABLE = "Last modified (grade)", "Feedback comments", "Grade can be changed"
Rows = list[list[str | float | None]]


def fill_moodle(
    sheet: Sheet, records: Records, assignment: Assignment, match: str | None, scale: bool
) -> tuple[Rows, list[Problem], list[str], Matching]:
    """The rows of the import file, what did not get into it, and what else there is to tell."""
    worksheet = sheet.column(IDENTIFIER) is not None
    _check_columns(sheet, worksheet)
    grades = {grade.student: grade for grade in records.of(assignment.name)}
    matching = match_students(sorted(grades), sheet, match)
    owners = {row: student for student, row in matching.rows.items()}
    header = list(sheet.header)
    for name in () if worksheet else (GRADE, MAXIMUM, COMMENTS):
        if sheet.column(name) is None:
            header.append(name)
    places = {heading.casefold(): place for place, heading in enumerate(header)}
    grade_place, maximum_place = places[GRADE.casefold()], places.get(MAXIMUM.casefold())
    comment_place, lock_place = places.get(COMMENTS.casefold()), places.get(CHANGEABLE.casefold())
    maxima = {parse_number(row[maximum_place]) for row in sheet.rows if maximum_place is not None
              and maximum_place < len(row) and row[maximum_place].strip()}  # fmt: skip
    if len(maxima) > 1:
        raise GraderError(
            f"{sheet.place}: {MAXIMUM}: expected one and the same, got several; export it for one assignment"
        )
    maximum = next(iter(maxima), None)
    factor = find_factor(assignment, list(grades.values()), maximum, scale, f"{sheet.place}: {MAXIMUM}")
    comma = maximum_place is not None and any(
        "," in row[maximum_place] for row in sheet.rows if maximum_place < len(row)
    )
    problems, notes, kept = [], [], 0
    body: Rows = []
    for number, row in enumerate(sheet.rows):
        line: list[str | float | None] = [*row, *[""] * (len(header) - len(row))]
        body.append(line)
        if maximum_place is not None and not line[maximum_place]:
            line[maximum_place] = show_score(full_points(assignment))
        grade = grades.get(owners.get(number, ""))
        if grade is None:
            problems.append(Problem(_name_of(sheet, row), assignment.name, "in the roster, but no result"))
            continue
        problem = find_problem(grade)
        if problem or grade.score is None:
            problems += [problem] if problem else []
            continue
        if lock_place is not None and row[lock_place].strip().casefold() == "no":
            problems.append(Problem(grade.student, assignment.name, "its grade is locked in Moodle", grade.score))
        line[grade_place] = show_score(grade.score * factor, comma)
        if comment_place is not None and not str(line[comment_place] or "").strip():
            line[comment_place] = write_comment(grade)
        elif comment_place is not None:
            kept += 1
    if kept:
        notes.append(f"{kept} comments that were in the roster are kept")
    problems += [Problem(s, assignment.name, "not in the roster", grades[s].score) for s in matching.unknown]
    return [list(header), *body], problems, notes, matching


def write_comment(grade: Grade) -> str:
    """A line for each exercise, with the hints that the student got; Moodle reads comments as HTML."""
    lines = []
    for exercise in grade.exercises:
        score = "open" if exercise.score is None else f"{exercise.score:g}"
        hints = dict.fromkeys(t.hint.strip() for t in exercise.tests if t.hint.strip() and t.status != "internal")
        lines.append(" ".join([f"{exercise.title}: {score} of {exercise.max_score:g}.", *hints]))
    return "<br>".join(html.escape(" ".join(visible_text(line).split())) for line in lines)


def _check_columns(sheet: Sheet, worksheet: bool) -> None:
    needed = (GRADE, MODIFIED) if worksheet else ()
    absent = [name for name in needed if sheet.column(name) is None]
    if not worksheet and not any(sheet.column(name) is not None for name in ("Username", "Email address", "ID number")):
        absent = [IDENTIFIER]
    if absent:
        raise GraderError(
            f"{sheet.place}: expected a column {' and '.join(map(repr, absent))}, found: {', '.join(sheet.header)}; "
            "switch Moodle to English and download the grading worksheet again"
        )


def _name_of(sheet: Sheet, row: tuple[str, ...]) -> str:
    """How a person finds a line of the roster again."""
    places = [sheet.column(name) for name in ("Full name", "Username", "Email address", IDENTIFIER)]
    return next((row[place] for place in places if place is not None and row[place].strip()), "")
