"""Whatever a student uploads, the notebook in it is found; all of it is one student's."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from autograder.course import find_root, load_course
from autograder.gradescope.submitted import STUDENT, find_notebook, read_submission_time
from autograder.intake import Job, read_job

NAME = "vanilla_gan"
COURSE = load_course(find_root(Path(__file__).parent))


def upload(folder: Path, *names: str) -> Job:
    """What is found among these files; each holds its own name."""
    for age, name in enumerate(reversed(names)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))  # the first one named is the newest
    return find_notebook(folder, COURSE, NAME)


def pack(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["vanilla_gan.ipynb"], "vanilla_gan.ipynb"),
        (["vanilla_gan (1).ipynb"], "vanilla_gan (1).ipynb"),
        (["homework_final.ipynb"], "homework_final.ipynb"),
        (["newer.ipynb", "older.ipynb"], "newer.ipynb"),
        (["notes.ipynb", "vanilla_gan.ipynb", "course.py", "data/digits.png"], "vanilla_gan.ipynb"),
        (["other.ipynb", "Vanilla GAN.ipynb"], "Vanilla GAN.ipynb"),
        (["work/week 2/vanilla_gan.ipynb", "README.md"], "work/week 2/vanilla_gan.ipynb"),
        (["vanilla_gan.pdf", "mine.ipynb"], "mine.ipynb"),
        ([".ipynb_checkpoints/vanilla_gan.ipynb", "mine.ipynb"], "mine.ipynb"),
        (["a/mine.ipynb", "b/mine_too.ipynb", "c/vanilla_gan.ipynb"], "c/vanilla_gan.ipynb"),
    ],
)
def test_notebook_is_found_among_files(tmp_path, names, taken):
    job = upload(tmp_path / "submission", *names)
    assert (job.found, job.student, job.assignment) == (True, STUDENT, NAME)
    assert read_job(job) == taken.encode()


def test_choice_among_several_is_told(tmp_path):
    job = upload(tmp_path / "submission", "newer.ipynb", "older.ipynb")
    assert job.notes == ("file: newer.ipynb taken, of 2 that may be the notebook",)


def test_others_that_may_be_the_notebook_come_along_with_the_time_of_the_submission(tmp_path):
    upload(tmp_path / "submission", f"{NAME} (1).ipynb", f"{NAME}.ipynb")
    (tmp_path / "submission" / "work.zip").write_bytes(pack("packed.ipynb"))
    job = find_notebook(tmp_path / "submission", COURSE, NAME, "2026-11-22T12:00:00+00:00")
    assert read_job(job) == f"{NAME}.ipynb".encode()
    assert {read_job(other) for other in job.others} == {f"{NAME} (1).ipynb".encode(), b"packed.ipynb"}
    assert {other.submitted_at for other in job.others} == {job.submitted_at}


@pytest.mark.parametrize("member", ["vanilla_gan.ipynb", "ada/week_2/vanilla_gan.ipynb", "homework.ipynb"])
@pytest.mark.parametrize("name", ["upload.zip", "vanilla_gan.zip"])
def test_notebook_is_found_in_a_zip(tmp_path, name, member):
    (tmp_path / name).write_bytes(pack(member, "data/points.csv"))
    job = find_notebook(tmp_path, COURSE, NAME)
    assert read_job(job) == member.encode()


def test_notebook_beside_a_zip_of_other_things_is_taken(tmp_path):
    (tmp_path / "pictures.zip").write_bytes(pack("a.png"))
    assert read_job(upload(tmp_path, "mine.ipynb")) == b"mine.ipynb"


@pytest.mark.parametrize("names", [[], ["homework.pdf"], ["data/digits.png", "README.md"], ["upload.zip"]])
def test_upload_without_a_notebook_is_missing(tmp_path, names):
    folder = tmp_path / "submission"
    folder.mkdir()
    job = upload(folder, *names)
    assert not job.found
    assert read_job(job) is None


def test_zip_that_is_none_is_told(tmp_path):
    (tmp_path / "upload.zip").write_bytes(b"no zip")
    job = find_notebook(tmp_path, COURSE, NAME)
    assert not job.found
    assert job.notes[0].startswith("file: upload.zip: not read (expected a zip archive")


def test_symbolic_link_to_the_hidden_tests_is_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("hidden")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "vanilla_gan.ipynb").symlink_to(secret)
    (folder / "more.zip").symlink_to(secret)
    job = find_notebook(folder, COURSE, NAME)
    assert "symbolic link" in job.trouble
    (folder / "mine.ipynb").write_text("mine")
    assert read_job(find_notebook(folder, COURSE, NAME)) == b"mine"


def test_time_of_submission_is_gradescopes(tmp_path):
    metadata = tmp_path / "submission_metadata.json"
    metadata.write_text(
        json.dumps({"id": 1, "created_at": "2018-07-01T14:22:32.365935-07:00", "users": [{"name": "A"}]})
    )
    assert read_submission_time(metadata) == "2018-07-01T21:22:32.365935+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"created_at": null}',
        '{"created_at": "yesterday"}',
        '{"created_at": "2018-07-01"}',
        "[" * 10**5,
    ],
)
def test_time_that_cannot_be_read_is_left_out(tmp_path, text):
    (tmp_path / "metadata.json").write_text(text)
    assert read_submission_time(tmp_path / "metadata.json") == ""
    assert read_submission_time(tmp_path / "none.json") == ""
