"""Hostile files in one class, graded by one command: each gets a record that says what is the matter, none hurts."""

import csv
import json
import os
import re
from pathlib import Path

import pytest

from autograder.submission import Unreadable, read_master, read_submission
from tests.faults.command import gradebook_rows
from tests.faults.conftest import ClassFolder
from tests.faults.hostile import CONTENTS, FULL, MEMBERS, NAMES, PLACES, STAMPS, archive

PEAK_MB = 1500  # of the grader and of each process it forks: torch takes a third of it
NEIGHBOURS = ("aaa", "zzz")  # graded first and last


@pytest.fixture(scope="session")
def right(finished: ClassFolder) -> bytes:
    return (finished.submitted / "amina/small/small.ipynb").read_bytes()


@pytest.fixture(scope="session")
def hostile(finished: ClassFolder, right: bytes, tmp_path_factory: pytest.TempPathFactory) -> ClassFolder:
    """The class, graded; `hostile.ended` tells how."""
    graded = ClassFolder(tmp_path_factory.mktemp("hostile"), finished.root)
    for student in (*NEIGHBOURS, *CONTENTS, *PLACES, *STAMPS, *NAMES):
        folder = graded.submitted / student / "small"
        folder.mkdir(parents=True)
        if student in PLACES:
            PLACES[student][0](folder)
            continue
        data = CONTENTS[student][0](right) if student in CONTENTS else right
        (folder / "small.ipynb").write_bytes(data)
        STAMPS.get(student, lambda folder: None)(folder)
    (graded.folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "small"\n')
    packed = graded.folder / "canvas.zip"
    packed.write_bytes(archive({name: make(right) for name, make, _, _ in MEMBERS.values()}))
    graded.ended = graded.grade(packed)
    return graded


def record(hostile: ClassFolder, student: str) -> dict[str, object]:
    return json.loads((hostile.out / "results" / student / "small.json").read_bytes())


def words(found: dict[str, object]) -> str:
    return " ".join([found["message"], *found["repairs"]])


def test_class_is_graded_to_its_end_in_bounded_memory(hostile):
    assert hostile.ended.code == 0, hostile.ended.text
    assert hostile.ended.peak_mb < PEAK_MB
    assert "internal" not in hostile.ended.text


@pytest.mark.parametrize("name", CONTENTS)
def test_content_gets_the_points_it_has_and_a_record_that_says_what_is_wrong(hostile, name):
    _, points, said = CONTENTS[name]
    found = record(hostile, name)
    assert (found["status"], found["score"]) == (("unreadable", 0.0) if points is None else ("graded", points))
    assert said in words(found)
    assert len(words(found)) < 2000


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_is_never_opened_and_named(hostile, name):
    _, status, said = PLACES[name]
    found = record(hostile, name)
    assert found["status"] == status
    assert said in found["message"]


@pytest.mark.parametrize("name", STAMPS)
def test_no_timestamp_hurts_the_notebook_beside_it(hostile, name):
    assert record(hostile, name)["score"] == FULL


@pytest.mark.parametrize("name", NAMES)
def test_students_name_becomes_a_file_name_and_nothing_else(hostile, name):
    found = record(hostile, NAMES[name])
    assert (found["student"], found["score"]) == (NAMES[name], FULL)
    assert (hostile.out / "feedback" / NAMES[name] / "small.html").is_file()
    assert (hostile.folder / "autograded" / NAMES[name] / "small" / "small.ipynb").is_file()


@pytest.mark.parametrize("name", MEMBERS)
def test_member_of_an_archive_is_read_within_bounds_and_leads_nowhere(hostile, name):
    _, _, points, said = MEMBERS[name]
    found = record(hostile, name)
    assert (found["status"], found["score"]) == (("unreadable", 0.0) if points is None else ("graded", points))
    assert said in words(found)


def test_neighbours_are_graded_and_everybody_stands_once_in_every_table(hostile):
    assert [record(hostile, name)["score"] for name in NEIGHBOURS] == [FULL, FULL]
    students = sorted([*NEIGHBOURS, *CONTENTS, *PLACES, *STAMPS, *NAMES.values(), *MEMBERS])
    with (hostile.out / "class.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert sorted(re.sub(r"^'(?=[=@-])", "", row["student"]) for row in rows) == students
    assert not any(cell.lstrip().startswith(tuple("=+@-\t")) for row in rows for cell in row.values())
    summary = json.loads((hostile.out / "class.json").read_bytes())
    assert sorted(entry["student"] for entry in summary["submissions"]) == students
    assert sorted({row[1] for row in gradebook_rows(hostile.gradebook)}) == students
    assert sorted(os.listdir(hostile.out / "results")) == students
    assert sorted(os.listdir(hostile.folder / "autograded")) == students


def test_nothing_was_written_anywhere_else(hostile):
    assert sorted(os.listdir(hostile.folder)) == [
        *("autograded", "canvas.zip", "gradebook.db", "grades", "log", "nbgrader_config.py", "submitted")
    ]
    assert sorted(os.listdir(hostile.out)) == [".lock", "class.csv", "class.json", "feedback", "results"]


def test_no_message_names_a_place_on_the_instructors_machine(hostile):
    for path in hostile.out.glob("results/*/small.json"):
        assert str(hostile.folder) not in path.read_text()


def test_notebook_cut_off_anywhere_is_refused_with_what_to_do(finished, right):
    master = read_master(json.loads((finished.root / "release/small/small.ipynb").read_bytes()))
    for length in range(0, len(right), 10):
        with pytest.raises(Unreadable, match=r"hand in the \.ipynb file"):
            read_submission(right[:length], master)


def test_archive_of_more_files_than_a_class_has_is_refused_by_name(graded, tmp_path):
    packed = tmp_path / "canvas.zip"
    packed.write_bytes(archive({f"{number}": b"" for number in range(100_001)}))
    ended = graded.grade(packed)
    assert ended.code == 2
    assert str(packed) in ended.error
    assert "at most 100000 files" in ended.error


def test_class_folder_that_is_no_folder_is_refused_by_name(graded, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, said in ((pipe, "a device or a pipe"), (Path("/dev/zero"), "a device or a pipe")):
        ended = graded.grade(path)
        assert ended.code == 2
        assert said in ended.error
