"""Files below grades/ that are broken or edited: a regrade or a clear error, and never an override lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import _known_outcome
from autograder.course import load_course
from autograder.intake import find_submissions
from autograder.master import load_master
from autograder.plugin import hash_suite
from tests.faults.conftest import OVERRIDES


def edited(change: Callable[[Any], object]) -> Callable[[Path], None]:
    """Change a record as an editor would."""

    def edit(path: Path) -> None:
        found = json.loads(path.read_bytes())
        change(found)
        path.write_text(json.dumps(found))

    return edit


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half-written": lambda path: path.write_bytes(path.read_bytes()[:500]),
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(4096)),
    "of a later schema": edited(lambda record: record.update(schema=2)),
    "of another student": edited(lambda record: record.update(student="zoe")),
    "of another assignment": edited(lambda record: record.update(assignment="large")),
    "score raised": edited(lambda record: record.update(score=500.0)),
    "exercise raised": edited(lambda record: record["exercises"][0].update(score=3.0)),
    "test raised": edited(lambda record: record["exercises"][0]["tests"][0].update(points=1.0)),
    "all raised": edited(lambda record: record["exercises"][0].update(score=300.0, max_score=300.0)),
    "exercise deleted": edited(lambda record: record["exercises"].pop()),
    "score of text": edited(lambda record: record.update(score="5")),
    "unknown status": edited(lambda record: record.update(status="fine")),
    "a list": lambda path: path.write_text("[]"),
    "not UTF-8": lambda path: path.write_bytes(path.read_bytes().replace(b"bruno", b"brun\xff")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_record_is_not_believed(graded, name):
    course = load_course(graded.root)
    job = next(j for j in find_submissions([graded.submitted], course, None, None) if j.student == "bruno")
    assignment = course.assignment("small")
    known = (graded.out, job, hash_suite(assignment.suite), assignment, load_master(assignment))
    assert _known_outcome(*known) is not None
    DAMAGES[name](graded.out / "results/bruno/small.json")
    assert _known_outcome(*known) is None


def test_damaged_records_and_tables_are_made_again_and_overrides_kept(graded, finished):
    for student, damage in {"amina": "half-written", "bruno": "of a later schema", "clara": "score raised"}.items():
        DAMAGES[damage](graded.out / "results" / student / "small.json")
    (graded.out / "class.json").write_text('{"schema": 99, "submissions": [')
    (graded.out / "class.csv").write_bytes(bytes(100))
    ended = graded.grade()
    assert ended.code == 0, ended.text
    assert graded.published() == finished.published()
    assert (graded.out / "overrides.toml").read_text() == OVERRIDES


OVERRIDE_FAULTS: dict[str, tuple[str, str]] = {
    # name: (text of overrides.toml, what the error names)
    "not TOML": (OVERRIDES + "[[override", "expected TOML"),
    "half-written": (OVERRIDES[:-40], "expected TOML"),
    "unknown key": (OVERRIDES.replace("score", "scores"), "did you mean"),
    "unknown exercise": (OVERRIDES.replace('"double"', '"triple"'), "triple"),
    "unknown assignment": (OVERRIDES.replace('"small"', '"smal"'), "smal"),
    "no number": (OVERRIDES.replace("2.5", "nan"), "expected a score from 0 to 3"),
    "too much": (OVERRIDES.replace("2.5", "4"), "expected a score from 0 to 3"),
    "no reason": (OVERRIDES.replace("Explained it in the lab.", " "), "expected a reason"),
    "twice": (OVERRIDES * 2, "set twice"),
    "later schema": ("schema = 2\n" + OVERRIDES, "schema"),
    "deep": ("a = " + "[" * 100_000, "expected TOML"),
}


@pytest.mark.parametrize("name", OVERRIDE_FAULTS)
def test_broken_overrides_stop_the_command_before_anything_changes(graded, finished, name):
    text, said = OVERRIDE_FAULTS[name]
    path = graded.out / "overrides.toml"
    path.write_text(text)
    ended = graded.grade("--fresh")
    assert ended.code == 2, ended.text
    assert str(path) in ended.error
    assert said in ended.error
    assert path.read_text() == text
    assert graded.published() == finished.published()


@pytest.mark.parametrize("kind", ["folder", "dangling link", "not UTF-8"])
def test_overrides_that_cannot_be_read_are_not_taken_for_none(graded, finished, kind):
    path = graded.out / "overrides.toml"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to("gone.toml")
    else:
        path.write_bytes(OVERRIDES.encode("utf-16"))
    ended = graded.grade("--fresh")
    assert ended.code == 2, ended.text
    assert str(path) in ended.error
    assert graded.published() == finished.published()
