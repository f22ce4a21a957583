"""Which of several files counts: one that answers something before one that does not, whatever their names."""

import json
import os

import pytest

from autograder.choice import choose_answered
from autograder.course import Assignment, Course, Limits
from autograder.intake import find_submissions, read_job
from autograder.submission import read_master
from tests.fairness import tiny

NAME = "vanilla_gan"
MASTER = read_master(tiny.release())
RIGHT, UNTOUCHED = (json.dumps(notebook).encode() for notebook in (tiny.right(), tiny.release()))


@pytest.fixture
def choose(tmp_path):
    """choose({name: content}): the job of a student who handed in these files, each newer than the one before."""
    course = Course(tmp_path, (Assignment(tmp_path, NAME, NAME, 1, (), (), Limits(10, 60, 1024)),))

    def run(files):
        folder = tmp_path / "submitted" / "ada" / NAME
        folder.mkdir(parents=True)
        for age, (name, content) in enumerate(files.items()):
            (folder / name).write_bytes(content)
            os.utime(folder / name, (1_700_000_000 + 3600 * age,) * 2)
        (job,) = find_submissions([tmp_path / "submitted"], course, None, None)
        return choose_answered(job, MASTER)

    return run


@pytest.mark.parametrize("first", [UNTOUCHED, b"", b"%PDF-1.7"], ids=["untouched", "empty", "a PDF"])
@pytest.mark.parametrize("copy", [f"{NAME} (1).ipynb", f"{NAME}-Copy1.ipynb", f"{NAME}_solved.ipynb"])
def test_a_copy_with_answers_is_taken_where_the_exact_name_holds_none(first, copy, choose):
    job = choose({copy: RIGHT, f"{NAME}.ipynb": first})
    assert read_job(job) == RIGHT
    assert job.submitted_at.startswith("2023-11-14T22:13")
    assert job.notes[-1] == f"file: {copy} taken: nothing is answered in {NAME}.ipynb"


def test_the_exact_name_is_taken_where_both_hold_answers(choose):
    job = choose({f"{NAME}.ipynb": RIGHT, f"{NAME} (1).ipynb": RIGHT + b" "})
    assert read_job(job) == RIGHT
    assert job.notes == (f"file: {NAME}.ipynb taken, of 2 that may be the notebook",)


def test_the_likeliest_is_taken_where_none_holds_answers(choose):
    job = choose({f"{NAME} (1).ipynb": UNTOUCHED, f"{NAME}.ipynb": b"", "mine.ipynb": b"{}"})
    assert read_job(job) == b""
    assert len(job.notes) == 1


def test_a_file_that_is_alone_is_not_read(choose, monkeypatch):
    monkeypatch.setattr("autograder.choice.read_job", None)
    assert choose({f"{NAME}.ipynb": UNTOUCHED}).path.name == f"{NAME}.ipynb"
