"""Records of submissions that were not graded: nothing handed in, nothing to read, or the grader's own fault."""

from autograder import __version__
from autograder.course import Assignment
from autograder.intake import Job
from autograder.results import ExerciseResult, Grade, SubmissionStatus


def ungraded(
    assignment: Assignment, job: Job, status: SubmissionStatus, message: str, notebook_sha256: str = ""
) -> Grade:
    """The record of a submission without a grade, and why: no points, or where it is our fault, none decided on."""
    fault = status == "internal_error"
    exercises = tuple(
        ExerciseResult(
            id=exercise.id,
            title=exercise.title,
            score=None if fault else 0.0,
            max_score=exercise.points,
            status="internal" if fault else "missing",
        )
        for exercise in assignment.graded
    )
    return Grade(
        student=job.student,
        assignment=assignment.name,
        status=status,
        score=None if fault else 0.0,
        max_score=assignment.max_score,
        needs_manual=() if status == "missing" else tuple(question.id for question in assignment.manual),
        versions={"autograder": __version__},
        exercises=exercises,
        message=message,
        notebook_sha256=notebook_sha256,
        submitted_at=job.submitted_at,
    )


def failed(assignment: Assignment, job: Job, message: str) -> Grade:
    """The record of a submission that the grader itself failed on."""
    return ungraded(assignment, job, "internal_error", message[-4000:])
