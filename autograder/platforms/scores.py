"""What may be published of a result: a score on the platform's scale, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course import Assignment
from autograder.errors import GraderError
from autograder.results import Grade


@dataclass(frozen=True)
class Problem:
    """Something that did not get into the file, or not as it should: told, and written beside the file."""

    student: str
    assignment: str
    problem: str
    score: float | None = None


def full_points(assignment: Assignment) -> float:
    """All points of an assignment, written questions included."""
    return sum(exercise.points for exercise in assignment.exercises)


def find_problem(grade: Grade) -> Problem | None:
    """Why a score must not be published yet; None if it may."""
    if grade.status == "unreadable":
        return Problem(grade.student, grade.assignment, f"unreadable: {grade.message}", grade.score)
    if grade.score is None or grade.status == "internal_error":
        return Problem(grade.student, grade.assignment, "its score is open: the grader failed", grade.score)
    return None


def find_factor(
    assignment: Assignment, grades: Sequence[Grade], maximum: float | None, scale: bool, place: str
) -> float:
    """By what to multiply scores; 1 unless `scale` fits them to the platform's maximum.

    GraderError if the maxima differ and nobody asked for scaling: platforms skip what is above theirs in silence.
    """
    reachable = max([assignment.max_score, *(grade.max_score for grade in grades)])
    if maximum is None or maximum in (reachable, assignment.max_score, full_points(assignment)):
        highest = max([0.0, *(grade.score or 0.0 for grade in grades)])
        if maximum is None or highest <= maximum:
            return 1.0
    if not scale:
        raise GraderError(
            f"{place}: expected {reachable:g} points (with written questions {full_points(assignment):g}), got a "
            f"maximum of {maximum:g}; set it on the platform and export the roster again, or convert by --scale"
        )
    if maximum <= 0:
        raise GraderError(f"{place}: expected a maximum above 0, got {maximum:g}; set it on the platform")
    return maximum / reachable


def show_score(score: float, comma: bool = False) -> str:
    """At most two decimals, as platforms show them."""
    text = f"{round(score, 2):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
