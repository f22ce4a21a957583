"""Grades into nbgrader's gradebook, so that formgrader, manual grading and `nbgrader export` go on from there.

What a person entered in formgrader (manual_score, extra_credit, manual_comment) is never written here, so it survives
every regrade.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution, parse_utc
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from autograder.autograded import (
    cell_source,
    copy_for_formgrader,
    grade_id,
    harmless_markdown,
    notice_for_formgrader,
    read_autograded,
    write_autograded,
)
from autograder.classbook import Override, overrides_of
from autograder.errors import GraderError
from autograder.gradebook_database import Gradebook, open_gradebook, transaction
from autograder.intake import read_start
from autograder.results import ExerciseResult, Grade, one_name, visible_text

__all__ = ["Gradebook", "autograded_path", "graded_by_hand", "open_gradebook", "read_timestamp", "record"]

_PATH_AS_ZONE = re.compile(r"\.\.|\s[/~]")
NO_RESPONSE = "No response."  # nbgrader's own words for an answer that was left as released


def record(
    gradebook: Gradebook,
    grade: Grade,
    master: Mapping[str, Any],
    notebook: Mapping[str, Any] | None = None,
    overrides: Iterable[Override] = (),
    *,
    previous: NotebookNode | None = None,
) -> None:
    """Write one submission: all of it in one transaction, or nothing.

    `grade` has its overrides applied already, `overrides` give the reasons. `master` is the released notebook,
    `notebook` the student's, repaired (None if there is none that can be read). In an nbgrader course, autograded/
    <student>/<assignment>/<assignment>.ipynb is written too, the time of submission is that of timestamp.txt, and the
    course's own rule for late work is applied. `previous` is what that notebook was at the grading before, for callers
    who find it deleted.
    """
    released = nbformat.reads(json.dumps(master), as_version=4)  # text in one piece, however it was loaded
    path, timestamp = _places(gradebook, grade)
    shown = _notebook_to_show(grade, released, notebook)
    previous = previous or (read_autograded(path) if path else None)
    reasons = {override.exercise: override.reason for override in overrides_of(grade, overrides)}
    with transaction(gradebook) as session:
        master_notebook = _register(session, gradebook.course_id, grade.assignment, released)
        submitted = _submission(session, master_notebook, grade.student, timestamp)
        scores = {row.cell_id: row for row in session.scalars(_locked_grades(submitted))}
        comments = {row.cell_id: row for row in submitted.comments}
        results = {result.id: result for result in grade.exercises}
        untouched = _untouched_cells(shown, released) - {*grade.needs_manual} if notebook is not None else set()
        for cell in master_notebook.grade_cells:
            changed = path is not None and cell_source(previous, cell.name) != cell_source(shown, cell.name)
            result = results.get(cell.name)
            score, open_question = _automatic_score(grade, result, cell.name in untouched)
            _set_score(scores[cell.id], score, open_question and cell.name not in reasons, changed)
        for cell in master_notebook.solution_cells:
            text = _comment(results.get(cell.name), reasons.get(cell.name))
            comments[cell.id].auto_comment = text or (NO_RESPONSE if cell.name in untouched else None)
        session.flush()  # whatever the database refuses, it refuses before the file is touched
        if gradebook.directory is not None:
            session.refresh(submitted)  # its score is a sum that the database makes
            submitted.late_submission_penalty = _late_penalty(gradebook.directory, submitted, grade.student)
            session.flush()
        if path:
            write_autograded(path, shown)


def autograded_path(course: Any, student: str, assignment: str) -> Path:
    """Where formgrader looks for a notebook; `course` is nbgrader's CourseDirectory."""
    return Path(course.format_path(course.autograded_directory, student, assignment)) / f"{assignment}.ipynb"


def graded_by_hand(gradebook: Gradebook, assignment: str) -> dict[str, NotebookNode]:
    """By student, the answers that a person has given scores for, as formgrader has shown them until now."""
    students = (
        select(api.SubmittedAssignment.student_id)
        .join(api.SubmittedAssignment.assignment)
        .join(api.SubmittedAssignment.notebooks)
        .join(api.SubmittedNotebook.grades)
        .where(api.Assignment.name == assignment, api.Grade.manual_score.is_not(None))
        .distinct()
    )
    with transaction(gradebook) as session:
        names = session.scalars(students).all()
    found = {name: read_autograded(autograded_path(gradebook.directory, name, assignment)) for name in names}
    return {
        name: nbformat.v4.new_notebook(cells=[cell for cell in notebook.cells if is_solution(cell)])
        for name, notebook in found.items()
        if notebook is not None
    }


def _locked_grades(submitted: Any) -> Any:
    """The rows to score, as they are once nobody else is changing them: formgrader may be, where tables are not locked.

    SQLite, whose lock is on the whole database, passes over FOR UPDATE.
    """
    rows = select(api.Grade).where(api.Grade.notebook_id == submitted.id).with_for_update(of=api.Grade)
    return rows.execution_options(populate_existing=True)


def _automatic_score(grade: Grade, result: ExerciseResult | None, untouched: bool) -> tuple[float | None, bool]:
    """The score of one cell (None: nobody knows yet), and whether a person must look at it."""
    if result is not None:
        return result.score, result.score is None or grade.status == "unreadable"
    if grade.status == "missing" or untouched:
        return 0.0, False
    if grade.status == "unreadable":
        return 0.0, True
    return None, True


def _set_score(row: Any, score: float | None, open_question: bool, changed: bool) -> None:
    """Enter an automatic score. One that was given by hand stands beside it, and counts.

    It is put up for review if what it was given for is not the same any more.
    """
    if row.manual_score is not None:
        open_question = bool(row.needs_manual_grade) or changed or row.auto_score != score
    row.auto_score = score
    row.needs_manual_grade = open_question


def _late_penalty(course: Any, submitted: Any, student: str) -> float | None:
    """What the rule in nbgrader_config.py takes off late work, kept within the score; None if it is in time."""
    seconds_late = submitted.assignment.total_seconds_late
    if seconds_late <= 0:
        return None
    try:
        step = AssignLatePenalties(config=course.config)
        step.init_plugin()
        penalty = step.plugin_inst.late_submission_penalty(student, submitted.score, seconds_late)
        return None if penalty is None else min(max(float(penalty), 0.0), submitted.score)
    except Exception as error:  # the rule is a program of the instructor's
        raise GraderError(
            f"nbgrader_config.py: the rule for late work (AssignLatePenalties) failed on {student}: "
            f"{type(error).__name__}: {error}; mend it and run the same command again"
        ) from None


def _untouched_cells(shown: NotebookNode | None, released: NotebookNode) -> set[str]:
    """Solution cells that were left as released, or deleted."""
    names = {grade_id(cell) for cell in released.cells if is_solution(cell)}
    return {name for name in names if cell_source(shown, name) in (None, cell_source(released, name))}


def _comment(result: ExerciseResult | None, reason: str | None) -> str | None:
    """Messages and hints of the tests that did not pass, as Markdown (nbgrader renders comments as such)."""
    lines = [f"Set by an instructor: {reason}"] if reason else []
    for test in result.tests if result else ():
        if test.status == "internal":
            lines.append(f"- {test.name}: the grader itself failed here; please grade this exercise by hand.")
        elif test.status != "passed":
            words = [test.message, f"Hint: {test.hint}" if test.hint else ""]
            lines.append(f"- {test.name} ({test.points:g} / {test.max_points:g}): {'. '.join(filter(None, words))}")
    return harmless_markdown(visible_text("\n".join(lines))) or None


def _notebook_to_show(grade: Grade, master: NotebookNode, notebook: Mapping[str, Any] | None) -> NotebookNode | None:
    if notebook is not None:
        return copy_for_formgrader(notebook, master)
    if grade.status == "missing":
        return None
    reason = {
        "unreadable": f"The notebook that was handed in could not be read: {grade.message}",
        # Its message is a traceback, for instructors: the record has it. Students read this on their feedback page.
        "internal_error": "The grader failed before it could read this submission. A person will look at it.",
    }.get(grade.status, "There is no copy of this submission.")
    return notice_for_formgrader(reason, master)


def _register(session: Session, course_id: str, assignment_name: str, master: NotebookNode) -> Any:
    """The assignment, its notebook and its cells, as nbgrader's SaveCells writes them; returns the notebook."""
    if session.get(api.Course, course_id) is None:
        session.add(api.Course(id=course_id))
        session.flush()
    assignment = session.scalar(select(api.Assignment).where(api.Assignment.name == assignment_name))
    if assignment is None:
        assignment = api.Assignment(name=assignment_name, course_id=course_id)
        session.add(assignment)
        session.flush()
    notebook = next((notebook for notebook in assignment.notebooks if notebook.name == assignment_name), None)
    if notebook is None:
        notebook = api.Notebook(name=assignment_name, assignment=assignment)
        session.add(notebook)
    notebook.kernelspec = json.dumps(master.metadata.get("kernelspec", {}))
    session.flush()
    _remove_old_cells(session, notebook, {grade_id(cell) for cell in master.cells})
    known = {(type(cell), cell.name): cell for cell in (*notebook._base_cells, *notebook.source_cells)}
    added = False
    for cell in master.cells:
        for table, values in _rows_of_cell(cell):
            row = known.get((table, grade_id(cell)))
            if row is None:
                added = True
                session.add(table(name=grade_id(cell), notebook=notebook, **values))
                continue
            for column, value in values.items():
                setattr(row, column, value)
    session.flush()
    for submitted in notebook.submissions if added else ():
        _mirror_cells(session, submitted)
    return notebook


def _rows_of_cell(cell: NotebookNode) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The tables in which a released cell stands, with what stands there."""
    if is_grade(cell):
        points = float(cell.metadata.nbgrader["points"])
        yield api.GradeCell, {"max_score": points, "cell_type": cell.cell_type}
    if is_solution(cell):
        yield api.SolutionCell, {}
    if is_grade(cell) or is_solution(cell) or is_locked(cell):
        values = {
            "cell_type": cell.cell_type,
            "locked": is_locked(cell),
            "source": cell.source,
            "checksum": compute_checksum(cell),
        }
        yield api.SourceCell, values


def _remove_old_cells(session: Session, notebook: Any, names: set[str]) -> None:
    """Remove what the released notebook no longer has, unless a person entered something for it."""
    for cell in [cell for cell in notebook._base_cells if cell.name not in names]:
        scored = select(api.Grade.id).where(
            api.Grade.cell_id == cell.id, api.Grade.manual_score.is_not(None) | api.Grade.extra_credit.is_not(None)
        )
        commented = select(api.Comment.id).where(
            api.Comment.cell_id == cell.id, api.Comment.manual_comment.is_not(None)
        )
        if session.scalars(scored).first() or session.scalars(commented).first():
            raise GraderError(
                f"gradebook: cell {cell.name!r} of {notebook.name} is no longer in the released notebook, but scores "
                "or comments were entered for it by hand; put it back, or start a new gradebook with --gradebook"
            )
        session.execute(delete(api.Grade).where(api.Grade.cell_id == cell.id))
        session.execute(delete(api.Comment).where(api.Comment.cell_id == cell.id))
        session.delete(cell)
    for source_cell in [cell for cell in notebook.source_cells if cell.name not in names]:
        session.delete(source_cell)
    session.flush()
    session.expire(notebook)


def _submission(session: Session, notebook: Any, student: str, timestamp: datetime | None) -> Any:
    """The student's copy of the notebook in the tables, with an empty row for each cell if it is new."""
    if session.get(api.Student, student) is None:
        session.add(api.Student(id=student))
    assignment = session.scalar(
        select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == notebook.assignment_id,
            api.SubmittedAssignment.student_id == student,
        )
    )
    if assignment is None:
        assignment = api.SubmittedAssignment(assignment_id=notebook.assignment_id, student_id=student)
        session.add(assignment)
    if timestamp is not None:
        assignment.timestamp = timestamp
    submitted = next((copy for copy in assignment.notebooks if copy.notebook_id == notebook.id), None)
    if submitted is None:
        submitted = api.SubmittedNotebook(notebook=notebook, assignment=assignment)
        session.add(submitted)
    session.flush()
    _mirror_cells(session, submitted)
    return submitted


def _mirror_cells(session: Session, submitted: Any) -> None:
    """Give a submitted notebook a row for each cell to score and to comment on that it lacks."""
    scored = {grade.cell_id for grade in submitted.grades}
    commented = {comment.cell_id for comment in submitted.comments}
    for cell in submitted.notebook.grade_cells:
        if cell.id not in scored:
            session.add(api.Grade(cell_id=cell.id, notebook=submitted))
    for cell in submitted.notebook.solution_cells:
        if cell.id not in commented:
            session.add(api.Comment(cell_id=cell.id, notebook=submitted))
    session.flush()


def _places(gradebook: Gradebook, grade: Grade) -> tuple[Path | None, datetime | None]:
    """Where formgrader looks for the notebook, and when it was handed in (UTC, without zone, as nbgrader stores it)."""
    student, assignment = one_name(grade.student), one_name(grade.assignment)
    if gradebook.directory is None:
        return None, _parse_time(grade.submitted_at)
    course = gradebook.directory
    path = autograded_path(course, student, assignment)
    # formgrader compares with timestamp.txt and calls a submission ungraded if the two differ.
    stamp = Path(course.format_path(course.submitted_directory, student, assignment)) / "timestamp.txt"
    return path, read_timestamp(stamp)


def read_timestamp(path: Path) -> datetime | None:
    """The time in a timestamp.txt, None if there is none; a student may have put anything in its place."""
    try:
        return _parse_time(read_start(path, 200).decode(errors="replace"))
    except (OSError, ValueError):
        return None


def _parse_time(text: str) -> datetime | None:
    if not text.strip() or _PATH_AS_ZONE.search(text):  # dateutil would open the file
        return None
    try:
        moment: datetime = parse_utc(text.strip())
    except (ValueError, OverflowError):
        return None  # a student may write anything into timestamp.txt
    return moment
