"""What an audit prints, and when a suite is good enough."""

import io

import pytest
from rich.console import Console

from autograder.audit.cases import Case
from autograder.audit.report import Findings, describe, summarise
from autograder.audit.seeds import Failures, Flake, count_flakes
from autograder.audit.trials import Mutation, Trial
from autograder.audit.verdicts import Verdict
from autograder.course import Exercise
from autograder.results import ExerciseResult, Grade, TestResult
from tests.audit.real import COURSE, real_mutants

ASSIGNMENT = COURSE.assignment("dcgan")
EXERCISES = ASSIGNMENT.graded


def mutation(survivors: int) -> Mutation:
    """All mutants of two exercises, of which the first few survive."""
    mutants = [mutant for exercise in EXERCISES[:2] for mutant in real_mutants("dcgan", exercise.id)[1]]
    fates = ["survived"] * survivors + ["killed"] * (len(mutants) - survivors)
    return Mutation(tuple(Trial(mutant, fate) for mutant, fate in zip(mutants, fates, strict=True)), {})


def printed(findings: Findings) -> str:
    console = Console(file=io.StringIO(), width=110)
    console.print(summarise(findings))
    return console.file.getvalue() + "\n".join(describe(findings))


def test_all_columns_fit_a_page():
    findings = Findings(ASSIGNMENT, EXERCISES, verdicts(), mutation(0), test_seconds=dict.fromkeys(ids(), 0.0123))
    text = printed(findings)
    assert all(exercise.id in text for exercise in EXERCISES)
    assert max(map(len, text.splitlines())) <= 110
    assert all(word in text for word in ("caught", "hint", "check", "accepted", "killed", "score", "CPU"))
    assert "…" not in text


def verdicts() -> list[Verdict]:
    """A hundred mutants of each exercise, the first of which gets full marks."""
    return [
        Verdict(Case("mutant", exercise.id, str(number), hint="sum"), graded(exercise, 0.0 if number else 1.0), ())
        for exercise in EXERCISES
        for number in range(100)
    ]


def graded(exercise: Exercise, share: float) -> Grade:
    points = share * exercise.points
    test = TestResult(name="Sums", status="failed", points=points, max_points=exercise.points, message="A sum?")
    result = ExerciseResult(
        id=exercise.id, title="", score=points, max_score=exercise.points, status="partial", tests=(test,)
    )
    return Grade(student="ada", assignment="dcgan", status="graded", score=points, max_score=96.0, exercises=(result,))


def test_mutants_by_hand_are_counted_as_caught_hinted_and_past_the_check():
    text = printed(Findings(ASSIGNMENT, EXERCISES[:1], verdicts()))
    (row,) = [line.split() for line in text.splitlines() if EXERCISES[0].id in line]
    assert " ".join(row[1:]) == "99 / 100 99 / 100 100 0 / 0 –"


def ids() -> list[str]:
    return [exercise.id for exercise in EXERCISES]


def test_row_of_all_adds_up():
    counted = mutation(0).counted
    text = printed(Findings(ASSIGNMENT, EXERCISES[:2], mutation=mutation(1), test_seconds=dict.fromkeys(ids(), 0.02)))
    (total,) = [line.split() for line in text.splitlines() if line.split()[:1] == ["all"]]
    assert total == ["all", str(counted - 1), "/", str(counted), f"{100 * (counted - 1) / counted:.1f}", "%", "40"]


def test_survivor_is_shown_with_its_change():
    survivor = mutation(1).survivors[0]
    lines = printed(Findings(ASSIGNMENT, EXERCISES[:2], mutation=mutation(1))).splitlines()
    assert f"  - {survivor.before}" in lines
    assert f"  + {survivor.after}" in lines


@pytest.mark.parametrize(("share", "sound"), [(0.0, True), (0.04, True), (0.06, False)])
def test_one_mutant_in_twenty_may_survive(share, sound):
    few = mutation(int(share * mutation(0).counted))
    findings = Findings(ASSIGNMENT, EXERCISES[:2], mutation=few)
    assert findings.sound == sound
    assert ("expected a mutation score of 95%" in printed(findings)) != sound


def test_flaky_test_is_a_problem_with_its_file_and_how_often_it_failed():
    case = Case("variant", "generator", "by_hand")
    tests = [
        TestResult(name="Moments", status="failed", points=0.0, max_points=1.0, message="too far\noff"),
        TestResult(name="Shapes", status="error", points=0.0, max_points=1.0, message="odd"),
    ]
    judged = [Failures(case, tuple(tests)), Failures(case, tuple(tests[:1])), Failures(case, ())]
    flakes = count_flakes(judged, 3)
    assert flakes == [
        Flake("generator", "variant by_hand", "Moments", 2, 3, "failed: too far off"),
        Flake("generator", "variant by_hand", "Shapes", 1, 3, "error: odd"),
    ]
    findings = Findings(ASSIGNMENT, EXERCISES, seeds=3, flakes=flakes)
    assert not findings.sound
    assert "test_generator.py: 'Moments' fails the variant by_hand under 2 of 3 seeds" in printed(findings)
    assert Findings(ASSIGNMENT, EXERCISES, seeds=3).sound
