"""Records read back from an output folder: what cannot be read is listed, and overrides are applied."""

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import GraderError
from autograder.records import read_records
from autograder.report import write_report
from autograder.results import ExerciseResult, Grade
from tests.synthetic_class import describe, write_records

SMALL = Course(Path("."), (describe("first", "The first GAN", 1),))


def graded(student, score):
    result = ExerciseResult(id="exercise_1", title="One", score=score, max_score=5.0, status="partial")
    return Grade(student=student, assignment="first", status="graded", score=score, max_score=40.0, exercises=(result,))


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(GraderError, match="found no record"):
        write_report(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "expected a result of schema 1"),
        (b'{"schema": 2, "who": "ada"}', "expected schema 1, got 2"),
        (b"", "expected a result of schema 1"),
    ],
)
def test_a_broken_record_is_listed_and_the_others_are_read(tmp_path, text, reason):
    write_records(tmp_path, [graded("ada", 5.0), graded("bob", 5.0)])
    (tmp_path / "results/bob/first.json").write_bytes(text)
    found = read_records(tmp_path, SMALL)
    assert [grade.student for grade in found.grades] == ["ada"]
    assert [(b.student, b.assignment) for b in found.broken] == [("bob", "first")]
    assert reason in found.broken[0].reason
    assert found.broken[0].reason.startswith("results/bob/first.json: ")  # the same wherever the folder lies


def test_a_folder_with_half_a_character_in_its_name_is_listed(tmp_path):
    write_records(tmp_path, [graded("ada", 5.0)])
    path = tmp_path / "results" / "a\udce9" / "first.json"
    path.parent.mkdir()
    path.write_bytes(b"{")
    assert write_report(tmp_path, SMALL).is_file()
    assert read_records(tmp_path, SMALL).broken[0].student == "a\\udce9"


def test_a_record_of_somebody_else_is_broken(tmp_path):
    write_records(tmp_path, [graded("ada", 5.0), graded("bob", 1.0)])
    (tmp_path / "results/bob/first.json").write_bytes((tmp_path / "results/ada/first.json").read_bytes())
    (broken,) = read_records(tmp_path, SMALL).broken
    assert "expected the record of bob, first, found that of ada, first" in broken.reason


def test_a_folder_in_which_no_record_can_be_read_is_refused_with_the_reason(tmp_path):
    write_records(tmp_path, [graded("ada", 5.0)])
    (tmp_path / "results/ada/first.json").write_bytes(b'{"schema": 7}')
    with pytest.raises(GraderError, match=r"none of its 1 records can be read.*got 7"):
        read_records(tmp_path, SMALL)


def test_overrides_are_applied_as_in_the_class_table(tmp_path):
    write_records(tmp_path, [graded("ada", 0.0)])
    (tmp_path / "overrides.toml").write_text(
        '[[override]]\nstudent = "ada"\nassignment = "first"\nexercise = "exercise_1"\nscore = 4\nreason = "Lab."\n'
    )
    found = read_records(tmp_path, SMALL)
    assert [grade.score for grade in found.grades] == [4.0]
    assert found.overrides_of(found.grades[0])[0].reason == "Lab."
