"""Which submissions a path holds, whose they are, and that nothing but regular files below it is read."""

import os
import zipfile
from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Assignment, Course, Limits
from autograder.errors import GraderError, SubmissionError
from autograder.intake import clean_name, find_submissions, read_job


@pytest.fixture
def course(tmp_path):
    limits = Limits(10, 60, 1024)
    names = ["vanilla_gan", "dcgan"]
    return Course(tmp_path, tuple(Assignment(tmp_path, name, name, i, (), (), limits) for i, name in enumerate(names)))


@pytest.fixture
def find(course):
    def find(*paths, assignment=None, student=None):
        jobs = find_submissions(list(paths), course, assignment, student)
        assert len({(clean_name(job.student).casefold(), job.assignment) for job in jobs}) == len(jobs)
        return {(job.student, job.assignment): job for job in jobs}

    return find


def put(path: Path, text: str = "{}", age: float = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def pack(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_nbgraders_tree_gives_each_student_and_assignment(tmp_path, find):
    for student in ("ada", "ben"):
        put(tmp_path / f"submitted/{student}/vanilla_gan/vanilla_gan.ipynb", student)
    put(tmp_path / "submitted/ada/dcgan/dcgan.ipynb")
    jobs = find(tmp_path / "submitted")
    assert list(jobs) == [("ada", "vanilla_gan"), ("ben", "vanilla_gan"), ("ada", "dcgan"), ("ben", "dcgan")]
    assert read_job(jobs["ben", "vanilla_gan"]) == b"ben"
    assert read_job(jobs["ben", "dcgan"]) is None


@pytest.mark.parametrize("below", ["", "submitted", "submitted/ada", "submitted/ada/vanilla_gan"])
def test_a_path_may_start_at_any_level_of_the_tree(tmp_path, find, below):
    put(tmp_path / "course/submitted/ada/vanilla_gan/vanilla_gan.ipynb")
    assert list(find(tmp_path / "course" / below)) == [("ada", "vanilla_gan")]


def test_a_single_notebook_belongs_to_the_folder_it_lies_in_or_to_the_student_named(tmp_path, find):
    notebook = put(tmp_path / "ada/vanilla_gan.ipynb")
    assert list(find(notebook)) == [("ada", "vanilla_gan")]
    assert list(find(notebook, student="Ada L.")) == [("Ada L", "vanilla_gan")]


def test_a_student_folder_without_a_notebook_gets_a_job_with_nothing_to_read(tmp_path, find):
    put(tmp_path / "class/ada/vanilla_gan.ipynb")
    put(tmp_path / "class/ben/notes.md")
    (tmp_path / "class/eve").mkdir()
    jobs = find(tmp_path / "class")
    assert list(jobs) == [(name, "vanilla_gan") for name in ("ada", "ben", "eve")]
    assert [read_job(job) for job in jobs.values()] == [b"{}", None, None]


def test_a_folder_of_notebooks_is_named_by_its_files(tmp_path, find):
    for name in ("ada_vanilla_gan.ipynb", "vanilla_gan_ben.ipynb", "Eve Moneypenny - vanilla_gan.ipynb"):
        put(tmp_path / "class" / name)
    assert [student for student, _ in find(tmp_path / "class")] == ["Eve Moneypenny", "ada", "ben"]
    put(tmp_path / "plain/ada.ipynb")
    assert list(find(tmp_path / "plain", assignment="dcgan")) == [("ada", "dcgan")]


def test_canvas_exports_are_flat_with_marks_of_lateness(tmp_path, find):
    members = {
        "lovelaceada_12345_67890_vanilla_gan.ipynb": "ada",
        "babbagecharles_LATE_222_333_vanilla_gan-2.ipynb": "charles",
        "smithjohn_1_10_vanilla_gan.ipynb": "one",
        "smithjohn_2_11_vanilla_gan (3).ipynb": "two",
    }
    jobs = find(pack(tmp_path / "submissions.zip", members))
    assert {student: read_job(job) for (student, _), job in jobs.items()} == {
        "lovelaceada": b"ada", "babbagecharles": b"charles", "smithjohn": b"one", "smithjohn_2": b"two",
    }  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_moodle_exports_have_a_folder_for_each_submission(tmp_path, find, packed):
    members = {
        "Ada Lovelace_1234567_assignsubmission_file_/vanilla_gan (1).ipynb": "ada",
        "Jo O'Neill_7_assignsubmission_file_/homework.ipynb": "jo",
        "Ben Ng_8_assignsubmission_file_/vanilla_gan.pdf": "%PDF",
    }
    for name, text in members.items():
        put(tmp_path / "moodle" / name, text)
    path = pack(tmp_path / "moodle.zip", members) if packed else tmp_path / "moodle"
    jobs = find(path, assignment="vanilla_gan")
    assert {student: read_job(job) for (student, _), job in jobs.items()} == {
        "Ada Lovelace": b"ada", "Jo O'Neill": b"jo", "Ben Ng": b"%PDF",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["vanilla_gan (1).ipynb", "vanilla_gan-1.ipynb", "Copy of vanilla_gan.ipynb", "vanilla_gan.ipynb.txt",
     "Vanilla_GAN.ipynb", "vanilla-gan-Copy1.ipynb", "vanilla gan final v2.ipynb", "Copy of vanilla_gan (12).ipynb"],
)  # fmt: skip
def test_names_that_browsers_and_people_give_are_known(tmp_path, find, name):
    put(tmp_path / "ada" / name)
    assert list(find(tmp_path / "ada")) == [("ada", "vanilla_gan")]


def test_of_several_notebooks_the_exact_name_counts_then_the_newest(tmp_path, find):
    put(tmp_path / "ada/vanilla_gan (1).ipynb", "older", age=50)
    put(tmp_path / "ada/vanilla_gan (2).ipynb", "newer", age=20)
    put(tmp_path / "ada/Untitled.ipynb", "newest")
    job = find(tmp_path / "ada")["ada", "vanilla_gan"]
    assert read_job(job) == b"newer"
    assert "of 2" in job.notes[0]
    put(tmp_path / "ada/vanilla_gan.ipynb", "exact", age=99)
    assert read_job(find(tmp_path / "ada")["ada", "vanilla_gan"]) == b"exact"


def test_checkpoints_and_hidden_files_are_no_submissions(tmp_path, find):
    put(tmp_path / "class/ada/.ipynb_checkpoints/vanilla_gan-checkpoint.ipynb")
    put(tmp_path / "class/ada/._vanilla_gan.ipynb")
    put(tmp_path / "class/ben/vanilla_gan.ipynb")
    assert read_job(find(tmp_path / "class")["ada", "vanilla_gan"]) is None


def test_links_are_reported_and_never_read(tmp_path, find):
    secret = put(tmp_path / "secret/vanilla_gan.ipynb", "secret")
    put(tmp_path / "class/ben/vanilla_gan.ipynb")
    (tmp_path / "class/ada").mkdir()
    (tmp_path / "class/ada/vanilla_gan.ipynb").symlink_to(secret)
    (tmp_path / "class/eve").symlink_to(secret.parent)
    jobs = find(tmp_path / "class")
    for student in ("ada", "eve"):
        with pytest.raises(SubmissionError, match="symbolic link"):
            read_job(jobs[student, "vanilla_gan"])


def test_a_link_put_there_after_the_search_is_not_followed_either(tmp_path, find):
    secret = put(tmp_path / "secret", "secret")
    notebook = put(tmp_path / "class/ada/vanilla_gan.ipynb")
    job = find(tmp_path / "class")["ada", "vanilla_gan"]
    notebook.unlink()
    notebook.symlink_to(secret)
    with pytest.raises(SubmissionError):
        read_job(job)


def test_pipes_are_never_opened(tmp_path, find):
    (tmp_path / "class/ada").mkdir(parents=True)
    os.mkfifo(tmp_path / "class/ada/vanilla_gan.ipynb")
    with pytest.raises(SubmissionError, match="pipe"):
        read_job(find(tmp_path / "class")["ada", "vanilla_gan"])


def test_a_file_that_became_a_pipe_does_not_hold_up_the_class(tmp_path, find):
    notebook = put(tmp_path / "class/ada/vanilla_gan.ipynb")
    job = find(tmp_path / "class")["ada", "vanilla_gan"]
    notebook.unlink()
    os.mkfifo(notebook)
    with pytest.raises(SubmissionError, match="regular"):
        read_job(job)


@pytest.mark.parametrize("packed", [True, False])
def test_reading_stops_at_the_size_limit(tmp_path, find, packed, monkeypatch):
    monkeypatch.setattr(intake, "MAX_BYTES", 2**20)
    text = "0" * 30_000_000
    path = (
        pack(tmp_path / "ada.zip", {"vanilla_gan.ipynb": text})
        if packed
        else put(tmp_path / "ada/vanilla_gan.ipynb", text)
    )
    with pytest.raises(SubmissionError, match="at most 1 MB"):
        read_job(find(path)["ada", "vanilla_gan"])


def test_names_in_an_archive_lead_nowhere(tmp_path, find):
    members = {
        "../../../etc/vanilla_gan.ipynb": "x",
        "/root/../ada/vanilla_gan.ipynb": "y",
        "..\\ben\\vanilla_gan.ipynb": "z",
    }
    before = set(tmp_path.rglob("*"))
    jobs = find(pack(tmp_path / "class.zip", members))
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "class.zip"}
    assert all(clean_name(student) == student and student[0] not in "./" for student, _ in jobs)
    assert sorted(read_job(job) for job in jobs.values()) == [b"x", b"y", b"z"]


def test_a_damaged_member_costs_only_its_own_record(tmp_path, find):
    path = pack(tmp_path / "class.zip", {"ada/vanilla_gan.ipynb": str(list(range(500))), "ben/vanilla_gan.ipynb": "b"})
    data = bytearray(path.read_bytes())
    data[200:204] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    jobs = find(path)
    with pytest.raises(SubmissionError, match="hand it in again"):
        read_job(jobs["ada", "vanilla_gan"])
    assert read_job(jobs["ben", "vanilla_gan"]) == b"b"


@pytest.mark.parametrize(
    ("name", "clean"),
    [("ada", "ada"), ("../../etc", "_.._etc"), ("..", "student"), ("", "student"), ("a/b\\c", "a_b_c"),
     ("a\nb\x00", "a_b_"),
     ("\udcff", "_"), (" Ada ", "Ada"), (".hidden", "hidden"), ("Zoë", "Zoë"), ("=1+1", "=1+1"), ("a\u202eb", "a_b")],
)  # fmt: skip
def test_student_names_become_safe_file_names(name, clean):
    assert clean_name(name) == clean
    assert clean_name(clean) == clean


def test_long_names_are_cut_at_a_whole_character():
    assert len(clean_name("ä" * 300).encode()) <= intake.MAX_NAME_BYTES


def test_names_that_a_disk_would_confuse_are_told_apart(tmp_path, find):
    for name in ("Ada", "ada", "ADA", "Zoe\u0308", "Zo\u00eb"):
        put(tmp_path / "class" / name / "vanilla_gan.ipynb", name)
    jobs = find(tmp_path / "class")
    assert len(jobs) == 5
    assert {read_job(job).decode() for job in jobs.values()} == {"Ada", "ada", "ADA", "Zoe\u0308", "Zo\u00eb"}


def test_the_time_is_nbgraders_timestamp_if_valid_else_the_files(tmp_path, find):
    for student, text in {
        "ada": "2015-02-02 15:58:23.948203 America/Los_Angeles\n",
        "ben": "yesterday",
        "eve": "",
    }.items():
        put(tmp_path / f"submitted/{student}/vanilla_gan/vanilla_gan.ipynb")
        put(tmp_path / f"submitted/{student}/vanilla_gan/timestamp.txt", text)
    times = [job.submitted_at for job in find(tmp_path / "submitted").values()]
    assert times == ["2015-02-02T23:58:23.948203+00:00", *["2023-11-14T22:13:20+00:00"] * 2]


def test_only_the_assignment_asked_for_is_found(tmp_path, find):
    put(tmp_path / "submitted/ada/vanilla_gan/vanilla_gan.ipynb")
    put(tmp_path / "submitted/ada/dcgan/dcgan.ipynb")
    assert list(find(tmp_path / "submitted", assignment="dcgan")) == [("ada", "dcgan")]


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir(), lambda path: put(path / "ada" / "a.csv")]
)
def test_paths_without_submissions_are_one_clear_error(tmp_path, find, make):
    make(tmp_path / "nothing")
    with pytest.raises(GraderError, match=r"nothing: expected .*; (check|name)"):
        find(tmp_path / "nothing")


def test_errors_say_what_to_do(tmp_path, find):
    put(tmp_path / "class/ada/vanilla_gan.ipynb")
    put(tmp_path / "class/ben/vanilla_gan.ipynb")
    with pytest.raises(GraderError, match="did you mean 'vanilla_gan'"):
        find(tmp_path / "class", assignment="vanila_gan")
    with pytest.raises(GraderError, match="expected the work of one student, found 2"):
        find(tmp_path / "class", student="ada")
    with pytest.raises(GraderError, match="download it again"):
        find(put(tmp_path / "broken.zip", "PK\x03\x04 no archive"))
