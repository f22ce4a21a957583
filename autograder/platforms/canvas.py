"""Canvas's gradebook import: its own export with our scores in the columns of our assignments.

Kept are the columns that name students and, with their ids, those of the exported assignments. Other assignments are
left out: Canvas takes what is in the file, and an export that is an hour old would undo an hour of grading.
Source: Canvas's Instructor Guide, "How do I import grades in the Gradebook?", and canvas-lms, gradebook_importer.rb.
"""

import re
from collections.abc import Mapping, Sequence

from autograder.course import Assignment
from autograder.errors import GraderError
from autograder.platforms.matching import Matching, match_students, squeeze
from autograder.platforms.scores import Problem, find_factor, find_problem, full_points, show_score
from autograder.records import Records
from autograder.spreadsheets import Sheet, parse_number

IDENTITY = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account")
EXCUSED = ("EX", "N/A")  # excused, and not assigned to this student: a score would undo the first
POINTS = "    Points Possible"  # as Canvas writes it
Rows = list[list[str | float | None]]


def fill_canvas(
    sheet: Sheet,
    records: Records,
    assignments: Sequence[Assignment],
    columns: Mapping[str, str],
    match: str | None,
    scale: bool,
) -> tuple[Rows, list[Problem], list[str], Matching]:
    """The rows of the import file, what did not get into it, and what else there is to tell."""
    section = sheet.column("Section")
    if section is None or sheet.column("ID") is None:
        raise GraderError(
            f"{sheet.place}: expected Canvas's gradebook export with the columns Student, ID, …, Section, "
            f"found: {', '.join(sheet.header[:8])}; export it in Canvas by Grades, Export"
        )
    kept = [place for place, heading in enumerate(sheet.header[:section]) if heading in IDENTITY] + [section]
    points = next((n for n, row in enumerate(sheet.rows) if "Points Possible" in row[0]), None)
    students = sorted({grade.student for grade in records.grades})
    matching = match_students(students, sheet, match)
    owners = {row: student for student, row in matching.rows.items()}
    notes, problems = [], []
    header: list[str | float | None] = [sheet.header[place] for place in kept]
    body: Rows = [[row[place] for place in kept] for row in sheet.rows]
    if points is None:
        body.insert(0, [POINTS, *[""] * (len(kept) - 1)])
    for assignment in assignments:
        grades = {grade.student: grade for grade in records.of(assignment.name)}
        place = _find_column(sheet, assignment, columns.get(assignment.name))
        maximum = parse_number(sheet.rows[points][place]) if points is not None and place is not None else None
        heading = assignment.title if place is None else sheet.header[place]
        factor = find_factor(assignment, list(grades.values()), maximum, scale, f"{sheet.place}: {heading}")
        if place is None:
            notes.append(f"{assignment.name}: no column of the roster fits it; Canvas will ask about a new {heading!r}")
        header.append(heading)
        if points is None:
            body[0].append(show_score(full_points(assignment)))
        for number, row in enumerate(sheet.rows):
            line = body[number + (points is None)]
            present = row[place] if place is not None else ""
            grade = grades.get(owners.get(number, ""))
            problem = find_problem(grade) if grade else None
            if grade and not problem and present.strip().upper() in EXCUSED:
                problem = Problem(grade.student, grade.assignment, f"{present} in Canvas: left as it is", grade.score)
            if number == points:
                line.append(present or show_score(full_points(assignment)))
            elif grade is None or grade.score is None or problem:
                line.append(present)  # what Canvas has stays as it is
            else:
                line.append(show_score(grade.score * factor))
            if problem:
                problems.append(problem)
            elif number in matching.without or (number in owners and grade is None):
                problems.append(Problem(owners.get(number) or row[0], assignment.name, "in the roster, but no result"))
        problems += [
            Problem(student, assignment.name, "not in the roster", grades[student].score)
            for student in matching.unknown
            if student in grades
        ]
    return [header, *body], problems, notes, matching


def _find_column(sheet: Sheet, assignment: Assignment, named: str | None) -> int | None:
    """The column "title (id)" of an assignment: the one that was named, else the one with its name or title."""
    if named is not None:
        place = sheet.column(named)
        if place is None:
            raise GraderError(
                f"{sheet.place}: --column {assignment.name}={named}: no such column; "
                f"there are: {', '.join(sheet.header)}"
            )
        return place
    wanted = {squeeze(assignment.name), squeeze(assignment.title)}
    found = [n for n, heading in enumerate(sheet.header) if squeeze(re.sub(r"\s*\(\d+\)$", "", heading)) in wanted]
    if len(found) > 1:
        names = ", ".join(sheet.header[place] for place in found)
        raise GraderError(f"{sheet.place}: {assignment.name} may be each of {names}; say which by --column")
    return found[0] if found else None
