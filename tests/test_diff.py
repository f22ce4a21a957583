"""A regrade compared with the grading before: whose score changed, where, why, and what must never get lost."""

import csv
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from autograder.classbook import Override
from autograder.course import Course
from autograder.diff import LOSSES, compare_records, difference_table, summarise, write_csv, write_json
from autograder.errors import GraderError
from autograder.records import BrokenRecord, Records, read_records
from autograder.results import ExerciseResult, Grade, TestResult
from tests.synthetic_class import describe, write_records

SMALL = Course(Path("."), (describe("first", "The first GAN", 1),))


def checked(name="Averages", status="passed", points=3.0, message="", hint=""):
    return TestResult(name=name, status=status, points=float(points), max_points=3, message=message, hint=hint)


def graded(student="ada", *tests, **changes):
    tests = tests or (checked(), checked("Shape", points=2))
    score = sum(test.points for test in tests)
    loss = ExerciseResult(
        id="exercise_1",
        title="Loss",
        score=score,
        max_score=5,
        status="passed" if score == 5 else "partial",
        tests=tests,
    )
    values = {
        "assignment": "first",
        "status": "graded",
        "score": score,
        "max_score": 40.0,
        "notebook_sha256": "a" * 64,
        "suite_sha256": "b" * 64,
        "versions": {"torch": "2.5.0"},
        "exercises": (loss,),
    }
    return Grade(student=student, **(values | changes))


def records(*grades, broken=(), overrides=(), name="old"):
    return Records(Path(name), tuple(grades), tuple(broken), tuple(overrides), ())


def change_between(before, after, **more):
    (change,) = compare_records(records(before), records(after, **more)).changes
    return change


WORSE = (checked(status="failed", points=0, message="off by 8"), checked("Shape", points=2))


def test_a_score_that_fell_is_told_with_exercise_test_and_message():
    change = change_between(graded(), graded("ada", *WORSE))
    assert (change.student, change.kind, change.old, change.new) == ("ada", "lowered", 5.0, 2.0)
    (reason,) = change.reasons
    assert (reason.exercise, reason.old, reason.new) == ("exercise_1", 5.0, 2.0)
    assert reason.text == "Averages: passed 3/3 → failed 0/3 (off by 8)"


def test_both_messages_are_told_and_tests_that_are_as_before_are_not():
    part = checked(status="failed", points=1, message="off by 2")
    change = change_between(graded("ada", *WORSE), graded("ada", part, checked("Shape", points=2)))
    assert change.kind == "raised"
    assert change.reasons[0].text == "Averages: failed 0/3 (off by 8) → failed 1/3 (off by 2)"


def test_tests_that_came_or_went_are_named():
    change = change_between(graded(), graded("ada", checked(), checked("Gradient", "failed", 0, hint="Detached?")))
    assert change.reasons[0].text == (
        "Gradient: no such test → failed 0/3 (Detached?); Shape: passed 2/3 → no such test"
    )


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"notebook_sha256": "c" * 64}, "another notebook was handed in"),
        ({"suite_sha256": "c" * 64}, "the suite is another"),
        (
            {"notebook_sha256": "c" * 64, "suite_sha256": "c" * 64},
            "another notebook was handed in; the suite is another",
        ),
        ({"versions": {"torch": "2.6.0"}}, "same notebook and suite, other versions of torch"),
        ({}, "same notebook, same suite"),
    ],
)
def test_what_was_exchanged_is_said(changed, cause):
    assert change_between(graded(), graded("ada", *WORSE, **changed)).cause == cause


def test_an_override_is_compared_as_it_would_be_published():
    override = Override(student="ada", assignment="first", exercise="exercise_1", score=5, reason="Shown in the lab.")
    before, after = graded("ada", *WORSE), graded()
    change = change_between(before, after, overrides=[override])
    assert (change.kind, change.reasons[0].text) == ("raised", "set by an instructor: Shown in the lab.")
    back = compare_records(records(after, overrides=[override]), records(before)).changes[0]
    assert back.reasons[0].text.startswith("no longer set by an instructor; Averages: passed")


def test_an_override_that_is_in_both_is_no_change():
    override = Override(student="ada", assignment="first", exercise="exercise_1", score=5, reason="Lab.")
    found = compare_records(records(graded(), overrides=[override]), records(graded(), overrides=[override]))
    assert (found.changes, found.same) == ((), 1)


def test_who_is_new_and_who_disappeared_is_listed():
    found = compare_records(records(graded(), graded("bob")), records(graded(), graded("zoe")))
    assert [(c.student, c.kind, c.old, c.new) for c in found.changes] == [
        ("bob", "gone", 5.0, None),
        ("zoe", "new", None, 5.0),
    ]
    assert found.same == 1


def test_a_score_that_is_open_now_is_a_loss_and_one_that_is_settled_is_none():
    opened = graded(status="internal_error", score=None, message="ZeroDivisionError")
    lost = change_between(graded(), opened)
    assert lost.kind == "opened"
    assert lost.reasons[0].text == "graded → internal error: ZeroDivisionError"
    assert change_between(opened, graded()).kind == "settled"
    assert {"opened", "lowered", "gone", "broken"} == LOSSES


def test_scores_that_shifted_between_exercises_are_told_though_the_sum_is_the_same():
    def shifted(first, second):
        parts = [
            ExerciseResult(id=f"exercise_{n}", title="x", score=score, max_score=5, status="partial")
            for n, score in ((1, first), (2, second))
        ]
        return graded(exercises=tuple(parts), score=3.0)

    change = change_between(shifted(1.0, 2.0), shifted(2.0, 1.0))
    assert change.kind == "other"
    assert [(r.exercise, r.old, r.new) for r in change.reasons] == [("exercise_1", 1, 2), ("exercise_2", 2, 1)]


def test_another_notebook_with_the_same_score_is_counted():
    found = compare_records(
        records(graded(), graded("bob")), records(replace(graded(), notebook_sha256="c"), graded("bob"))
    )
    assert summarise(found) == "2 unchanged (1 of them with another notebook)"


def test_a_broken_record_is_listed_and_not_dropped():
    found = compare_records(
        records(graded(), graded("bob")), records(graded(), broken=[BrokenRecord("bob", "first", "no JSON")])
    )
    (change,) = found.changes
    assert (change.student, change.kind, change.old, change.new) == ("bob", "broken", 5.0, None)
    assert change.reasons[0].text == "the new record cannot be read: no JSON"
    assert found.losses == (change,)


def test_losses_come_first():
    better = graded("bob"), graded("bob", *WORSE)
    found = compare_records(records(better[1], graded("zoe")), records(better[0], graded("zoe", *WORSE)))
    assert [change.student for change in found.changes] == ["zoe", "bob"]
    assert summarise(found) == "1 lower, 1 higher, 0 unchanged"


def test_two_classes_without_a_submission_in_common_are_refused():
    with pytest.raises(GraderError, match="found no submission that is in both"):
        compare_records(records(graded("ada")), records(graded("bob"), name="new"))


def test_folders_are_compared_as_they_lie_on_disk(tmp_path):
    write_records(tmp_path / "old", [graded(), graded("bob")])
    write_records(tmp_path / "new", [graded("ada", *WORSE), graded("bob")])
    (tmp_path / "new/results/bob/first.json").write_text('{"schema": 2}')
    old, new = (read_records(tmp_path / name, SMALL) for name in ("old", "new"))
    found = compare_records(old, new)
    assert [(c.student, c.kind) for c in found.changes] == [("ada", "lowered"), ("bob", "broken")]
    assert "expected schema 1, got 2" in found.changes[1].reasons[0].text


# What is written


HOSTILE = "=1+1[red]\x1b[2J\u202e"


def hostile_difference():
    worse = checked(status="failed", points=0, message=HOSTILE)
    return compare_records(records(graded(HOSTILE)), records(graded(HOSTILE, worse, checked("Shape", points=2))))


def test_csv_has_a_row_for_each_reason_and_no_formula(tmp_path):
    write_csv(hostile_difference(), tmp_path / "diff.csv")
    with (tmp_path / "diff.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["student"] == "'=1+1[red]\\u202e"
    assert (row["change"], row["old"], row["new"], row["exercise"]) == ("lowered", "5.0", "2.0", "exercise_1")
    assert row["cause"] == "same notebook, same suite"


def test_json_has_the_same_for_programs(tmp_path):
    write_json(hostile_difference(), tmp_path / "diff.json")
    found = json.loads((tmp_path / "diff.json").read_text())
    assert (found["schema"], found["unchanged"]) == (1, 0)
    assert found["changes"][0]["kind"] == "lowered"
    assert found["changes"][0]["reasons"][0]["exercise"] == "exercise_1"


def test_the_table_shows_everything_as_plain_text():
    console = Console(width=110, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(difference_table(hostile_difference()))
    text = console.export_text()
    assert "=1+1[red]\\u202e" in text
    assert "5 → 2" in text
    assert "lower – same notebook, same suite" in text
    assert "\x1b" not in text
