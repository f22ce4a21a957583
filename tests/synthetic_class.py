"""A class that was never graded: records in any number, of a course of two assignments, the same each time."""

import random
from pathlib import Path

from autograder.course import Assignment, Course, Exercise, Limits
from autograder.results import ExerciseResult, Grade, TestResult, encode_grade

HINTS = ("Did you sum over the batch?", "Did you swap the labels of real and fake?", "")
STATUSES = ("graded",) * 60 + ("missing", "missing", "unreadable", "internal_error")
HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "\u05d3\u05e0\u05d4 \u05db\u05d4\u05df",
    "\u202egrade",
    "</style><img src=x onerror=alert(1)>",
    "w" * 200,
)


def exercise(name: str, points: float, manual: bool = False) -> Exercise:
    return Exercise(name, name.replace("_", " ").capitalize(), points, () if manual else (name,), manual, 5.0)


def describe(name: str, title: str, order: int) -> Assignment:
    """An assignment of eight exercises and a question."""
    graded = tuple(exercise(f"exercise_{number}", 5) for number in range(1, 9))
    question = exercise("comparison", 4, manual=True)
    return Assignment(Path("."), name, title, order, (*graded, question), (), Limits(10, 60, 1024))


COURSE = Course(Path("."), (describe("first", "The first GAN", 1), describe("second", "The second GAN", 2)))


def synthetic_grade(student: str, assignment: Assignment, skill: float, rng: random.Random) -> Grade:
    """A record; who has more skill gets more points, more in some exercises than in others."""
    status = rng.choice(STATUSES)
    results = []
    for number, asked in enumerate(assignment.graded):
        share = 0.0 if status in ("missing", "unreadable") else min(1.0, max(0.0, rng.gauss(skill - number / 20, 0.2)))
        results.append(_result(asked, round(share * asked.points * 2) / 2, status, rng))
    if status == "internal_error":
        results[0] = ExerciseResult(
            id=results[0].id, title=results[0].title, score=None, max_score=5, status="internal"
        )
    open_score = status == "internal_error"
    return Grade(
        student=student,
        assignment=assignment.name,
        notebook_sha256=f"{rng.getrandbits(256):064x}",
        suite_sha256="5" * 64 if status == "graded" else "",
        status=status,
        score=None if open_score else sum(result.score or 0 for result in results),
        max_score=assignment.max_score,
        needs_manual=() if status == "missing" else ("comparison",),
        isolation="nested" if status == "graded" else "",
        versions={"autograder": "0.2.0", "torch": "2.5.1", "python": "3.11.2"},
        submitted_at=f"2026-03-{rng.randint(1, 9):02}T12:00:00+00:00",
        seconds=round(rng.lognormvariate(-0.5, 0.5), 3),
        repairs=("cell exercise_1: metadata restored by function name",) if rng.random() < 0.05 else (),
        message={"unreadable": "expected a notebook, found a web page", "internal_error": "ZeroDivisionError"}.get(
            status, ""
        ),
        exercises=tuple(results),
    )


def synthetic_class(students: int) -> list[Grade]:
    """Records of so many students, the hostile names first."""
    rng = random.Random(20260309)
    names = [*HOSTILE, *(f"student{number:04}" for number in range(students))][:students]
    return [
        synthetic_grade(name, assignment, rng.betavariate(4, 2), rng)
        for name in names
        for assignment in COURSE.assignments
    ]


def write_records(folder: Path, grades: list[Grade]) -> Path:
    """Write records as the grader does, without its care for disks; returns the folder."""
    for grade in grades:
        path = folder / "results" / grade.student.replace("/", "_") / f"{grade.assignment}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_grade(grade))
    return folder


def _result(asked: Exercise, score: float, status: str, rng: random.Random) -> ExerciseResult:
    full = score == asked.points
    absent = status in ("missing", "unreadable") or (not score and rng.random() < 0.5)
    test = TestResult(
        name="Values",
        status="passed" if full else "failed",
        points=score,
        max_points=asked.points,
        message="" if full else "off by about 4 of its size",
        hint="" if full else rng.choice(HINTS),
    )
    word = "passed" if full else "missing" if absent else "partial" if score else "failed"
    return ExerciseResult(
        id=asked.id, title=asked.title, score=score, max_score=asked.points, status=word, tests=(test,)
    )
