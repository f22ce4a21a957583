"""The class as a whole: what a spreadsheet, a program and a terminal get, and scores set by an instructor."""

import csv
import json
import math
from pathlib import Path

import pytest
from rich.console import Console

from autograder.classbook import (
    Override,
    apply_overrides,
    class_table,
    read_overrides,
    unmatched_overrides,
    write_class,
)
from autograder.course import Assignment, Course, Exercise, Limits
from autograder.errors import GraderError
from autograder.results import ExerciseResult, Grade


def exercise(name, points, manual=False):
    return Exercise(name, name.capitalize(), points, () if manual else (name,), manual, 5.0)


TINY = Assignment(
    Path("."),
    "tiny",
    "Tiny",
    1,
    (exercise("generator", 10), exercise("loss", 5), exercise("comparison", 4, manual=True)),
    (),
    Limits(10, 60, 1024),
)
COURSE = Course(Path("."), (TINY,))


def result(name, score, points, status):
    return ExerciseResult(id=name, title=name, score=score, max_score=points, status=status)


def graded(student="ada", **changes):
    values = {
        "assignment": "tiny",
        "status": "graded",
        "score": 12.0,
        "max_score": 15.0,
        "needs_manual": ("comparison",),
        "exercises": (result("generator", 10.0, 10.0, "passed"), result("loss", 2.0, 5.0, "partial")),
    }
    return Grade(student=student, **(values | changes))


def override(exercise="loss", score=4.0, student="ada", **changes):
    return Override(
        **({"student": student, "assignment": "tiny", "exercise": exercise, "score": score, "reason": "why"} | changes)
    )


def read(tmp_path, text):
    path = tmp_path / "overrides.toml"
    path.write_text(text)
    return read_overrides(path, COURSE)


def toml(**changes):
    values = {"student": '"ada"', "assignment": '"tiny"', "exercise": '"loss"', "score": "4", "reason": '"lab"'}
    return "[[override]]\n" + "".join(f"{key} = {value}\n" for key, value in (values | changes).items())


def printed(table, width=100):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(table)
    return console.export_text()


def rows_of(folder):
    with (folder / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# Overrides as they are read


def test_no_file_means_no_overrides(tmp_path):
    assert read_overrides(tmp_path / "overrides.toml", COURSE) == ()


def test_an_override_is_read_with_its_reason(tmp_path):
    assert read(tmp_path, toml()) == (override(reason="lab"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (toml(reson='"lab"'), "unknown field `reson`.*did you mean 'reason'"),
        ("[[overide]]\n", "unknown field `overide`.*did you mean 'override'"),
        (toml(exercise='"los"'), r"number 1 \(ada\): tiny: no exercise 'los'; did you mean 'loss'"),
        (toml(assignment='"tinny"'), "no assignment 'tinny'; did you mean 'tiny'"),
        (toml(score="5.5"), r"loss: expected a score from 0 to 5 \(its points\), got 5.5"),
        (toml(score="-1"), "expected a score from 0 to 5"),
        (toml(score="nan"), "expected a score from 0 to 5"),
        (toml(score='"4"'), "Expected `float`, got `str`"),
        (toml(reason='"  "'), "expected a reason"),
        ('[[override]]\nstudent = "ada"\n', "missing required field `assignment`"),
        (toml() + toml(score="3"), r"number 2 \(ada\): tiny, loss is set twice"),
        ("[[override]\n", "expected TOML"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_what_to_write_instead(tmp_path, text, message):
    with pytest.raises(GraderError, match=message):
        read(tmp_path, text)


# Overrides as they are applied


def test_an_override_replaces_the_score_of_its_exercise_only():
    grade = apply_overrides(graded(), TINY, [override(), override("generator", 0.0, student="grace")])
    assert [(e.id, e.score, e.status) for e in grade.exercises] == [
        ("generator", 10.0, "passed"),
        ("loss", 4.0, "partial"),
    ]
    assert (grade.score, grade.max_score) == (14.0, 15.0)


def test_an_override_of_a_written_question_counts_with_its_points():
    grade = apply_overrides(graded(), TINY, [override("comparison", 3.0)])
    assert (grade.score, grade.max_score, grade.needs_manual) == (15.0, 19.0, ())


def test_an_internal_error_is_settled_once_every_open_score_is_set():
    broken = graded(
        status="internal_error",
        score=None,
        exercises=(result("generator", None, 10.0, "internal"), result("loss", None, 5.0, "internal")),
    )
    half = apply_overrides(broken, TINY, [override()])
    assert (half.status, half.exercises[0].score) == ("internal_error", None)
    whole = apply_overrides(broken, TINY, [override(), override("generator", 6.0)])
    assert (whole.status, whole.score) == ("graded", 10.0)


def test_an_internal_error_without_any_result_is_not_settled_by_one_score():
    broken = graded(status="internal_error", score=None, exercises=())
    assert apply_overrides(broken, TINY, [override()]).status == "internal_error"


def test_an_override_that_no_submission_took_is_reported_with_a_suggestion():
    lost = unmatched_overrides([graded()], [override(), override(student="adda"), override(assignment="other")])
    assert lost == (
        "overrides.toml: adda, loss: no such student among the results; did you mean 'ada'?",
        "overrides.toml: ada, loss: no result for other",
    )


# Files


def test_each_submission_has_a_row_and_numbers_stay_numbers(tmp_path):
    write_class([graded("grace"), graded()], tmp_path)
    assert [row["student"] for row in rows_of(tmp_path)] == ["ada", "grace"]
    row = rows_of(tmp_path)[0]
    assert (row["score"], row["max_score"], row["needs_manual"]) == ("12.0", "15.0", "comparison")
    assert row["exercises"] == "generator 10/10; loss 2/5"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\r=1", "\n=1", " =1", "\x1b[0m=1", "＝1"])
def test_no_cell_starts_a_formula(tmp_path, start):
    write_class([graded(start, message=start, submitted_at=start)], tmp_path)
    (row,) = rows_of(tmp_path)
    assert all(row[column][0] in "'\\" for column in ("student", "note", "submitted_at"))


def test_a_name_that_is_no_text_is_written_by_its_code(tmp_path):
    write_class([graded("a\udce9\u202eb")], tmp_path)
    assert rows_of(tmp_path)[0]["student"] == r"a\udce9\u202eb"
    assert json.loads((tmp_path / "class.json").read_text())["submissions"][0]["student"] == r"a\udce9\u202eb"


def test_the_json_has_scores_overrides_and_those_that_nobody_took(tmp_path):
    overrides = [override()]
    write_class([apply_overrides(graded(), TINY, overrides)], tmp_path, overrides, ["adda: no such student"])
    summary = json.loads((tmp_path / "class.json").read_text())
    (entry,) = summary["submissions"]
    assert entry["score"] == 14.0
    assert entry["overrides"] == [{"exercise": "loss", "score": 4.0, "reason": "why"}]
    assert summary["unmatched_overrides"] == ["adda: no such student"]
    assert "loss set: why" in rows_of(tmp_path)[0]["note"]


def test_an_open_score_is_empty_and_not_zero(tmp_path):
    write_class([graded(status="internal_error", score=None)], tmp_path)
    assert rows_of(tmp_path)[0]["score"] == ""
    assert math.isclose(float(rows_of(tmp_path)[0]["max_score"]), 15.0)


# The table


def test_the_table_fits_a_hundred_columns_and_keeps_scores_and_statuses_whole():
    grades = [
        graded("a-student-with-a-very-long-name-indeed", message="a long story " * 10),
        graded("linus", status="internal_error", score=None, repairs=("one", "two")),
    ]
    text = printed(class_table(grades))
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "12 / 15" in text
    assert "internal error" in text
    assert "2 repairs" in text


def test_the_strip_has_a_mark_for_each_exercise_and_for_what_waits():
    text = printed(class_table([apply_overrides(graded(), TINY, [override()])], [override()]))
    assert "●◐*✎" in text


def test_a_hostile_name_is_plain_text_in_the_terminal():
    text = printed(class_table([graded("[red]x\x1b[2J\n\u202ey")]))
    assert "[red]x \\u202ey" in text
