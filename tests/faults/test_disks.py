"""Disks that are full or read-only, gradebooks that cannot be written: one line that says where and what to do."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

import autograder.batch
import autograder.gradebook_database
from autograder.gradebook_database import open_gradebook
from autograder.sandbox.worker.limits import MS_RDONLY
from tests.faults.command import before, gradebook_rows, in_private_mounts, mount, records
from tests.faults.conftest import forget

MS_REMOUNT, MS_BIND = 32, 4096  # linux/mount.h
AGAIN = "run the same command again"


def make_read_only(folder: Path) -> None:
    mount("none", folder, MS_BIND, source=folder)
    mount("none", folder, MS_REMOUNT | MS_BIND | MS_RDONLY)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), file.open("wb", 0) as growing:
        while growing.write(bytes(4096)):
            continue
    assert shutil.disk_usage(file.parent).free == 0


def refuse(graded, *words: str, **named: object) -> None:
    """The command ends with code 2 and one line with these words."""
    ended = graded.grade(*named.get("arguments", ()), plant=named.get("plant", lambda: None))
    assert ended.code == 2, ended.text
    for word in words:
        assert word in ended.error


def assert_a_rerun_completes(graded, wanted) -> None:
    ended = graded.grade()
    assert ended.code == 0, ended.text
    assert graded.published() == wanted


def test_disk_that_fills_up_with_records_keeps_those_that_were_written(ungraded, finished):
    def act() -> None:
        results = ungraded.out / "results"
        results.mkdir()
        mount("tmpfs", results, options="size=8k,mode=0755")  # room for two records
        refuse(ungraded, str(results), "No space left on device", AGAIN)
        found = records(ungraded.out)
        assert len(found) == 2
        assert found.items() <= finished.published()["records"].items()
        mount("tmpfs", results, MS_REMOUNT, "size=1m")
        assert_a_rerun_completes(ungraded, finished.published())

    in_private_mounts(act)


@pytest.mark.parametrize("name", ["feedback", "autograded"])
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_folder_that_takes_no_more_is_named_and_filled_by_the_next_run(graded, finished, name, fault):
    forget(graded, "feedback")
    folder = (graded.folder if name == "autograded" else graded.out) / name
    folder.mkdir()

    def act() -> None:
        if fault == "full":
            mount("tmpfs", folder, options="size=4k,mode=0755")
        else:
            make_read_only(folder)
        refuse(graded, str(folder), "No space left" if fault == "full" else "Read-only file system", AGAIN)
        if name == "autograded":
            shown = {path.parents[1].name for path in folder.glob("*/*/small.ipynb")}
            assert {row[1] for row in gradebook_rows(graded.gradebook)} == shown  # written together or not at all
        mount("tmpfs", folder, MS_REMOUNT if fault == "full" else 0, "size=1m")
        assert_a_rerun_completes(graded, finished.published())

    in_private_mounts(act)


def test_output_folder_that_is_read_only_is_refused_before_anything_is_graded(graded):
    def act() -> None:
        make_read_only(graded.out)
        refuse(graded, str(graded.out), "Read-only file system", "--out", arguments=["--fresh"])

    in_private_mounts(act)


def test_full_disk_under_the_gradebook_is_named_and_the_rest_comes_with_the_next_run(graded, finished):
    forget(graded)
    disk = graded.folder / "disk"
    disk.mkdir()
    book = disk / "gradebook.db"
    arguments = ["--gradebook", f"sqlite:///{book}"]

    def act() -> None:
        mount("tmpfs", disk, options="size=2m,mode=0755")
        open_gradebook(url=f"sqlite:///{book}")
        fill(disk / "other")
        refuse(graded, "gradebook.db", "full", "make room", AGAIN, arguments=arguments)
        assert gradebook_rows(book) == []
        (disk / "other").unlink()
        ended = graded.grade(*arguments)
        assert ended.code == 0, ended.text
        assert gradebook_rows(book) == finished.published()["gradebook"]

    in_private_mounts(act)


def test_read_only_gradebook_is_refused_before_anything_is_graded(graded):
    forget(graded, "results", "feedback")
    disk = graded.folder / "disk"
    disk.mkdir()
    open_gradebook(url=f"sqlite:///{disk}/gradebook.db")

    def act() -> None:
        make_read_only(disk)
        refuse(graded, "gradebook.db", AGAIN, arguments=["--gradebook", f"sqlite:///{disk}/gradebook.db"])
        assert not (graded.out / "results").exists()

    in_private_mounts(act)


def test_machine_without_room_for_temporary_files_is_told_so(graded):
    scratch = graded.folder / "scratch"
    scratch.mkdir()

    def act() -> None:
        mount("tmpfs", scratch, options="size=4k,nr_inodes=1")
        refuse(graded, str(scratch), AGAIN, plant=only_this_scratch)

    def only_this_scratch() -> None:
        tempfile.tempdir, tempfile._candidate_tempdir_list = None, lambda: [str(scratch)]

    in_private_mounts(act)


def hurry() -> None:
    """Wait for a locked gradebook not for half a minute, as the command does, but for a moment."""
    autograder.gradebook_database.open_gradebook.__kwdefaults__["wait_seconds"] = 0.2


def test_gradebook_locked_by_another_program_is_refused_before_anything_is_graded(graded):
    shutil.rmtree(graded.out / "results")
    with sqlite3.connect(graded.gradebook, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        refuse(graded, "gradebook.db", "another program kept it locked", AGAIN, plant=hurry)
        other.execute("ROLLBACK")
    other.close()
    assert not (graded.out / "results").exists()


def test_gradebook_locked_in_the_middle_of_a_class_keeps_what_is_done(graded, finished):
    forget(graded, "feedback")

    def plant() -> None:
        hurry()
        calls = iter(range(1, 100))
        other = sqlite3.connect(graded.gradebook, isolation_level=None)

        def lock(*_: object) -> None:
            other.execute("BEGIN EXCLUSIVE")

        before(autograder.batch._Writer, "publish", lock, when=lambda *_: next(calls) == 3)

    refuse(graded, "gradebook.db", "another program kept it locked", AGAIN, plant=plant)
    rows = gradebook_rows(graded.gradebook)
    assert {row[1] for row in rows} == {"amina", "bruno"}
    assert set(rows) <= set(finished.published()["gradebook"])
    assert_a_rerun_completes(graded, finished.published())


def test_gradebook_of_another_nbgrader_is_refused_before_anything_is_graded(graded):
    shutil.rmtree(graded.out / "results")
    with sqlite3.connect(graded.gradebook) as book:
        book.execute("update alembic_version set version_num = 'of another day'")
    book.close()
    size = graded.gradebook.stat().st_size
    refuse(graded, "gradebook.db", "another version of nbgrader", "nbgrader db upgrade")
    assert not (graded.out / "results").exists()
    assert graded.gradebook.stat().st_size == size


def test_results_folder_of_somebody_else_is_named(graded):
    (graded.out / "class.csv").unlink()
    os.mkdir(graded.out / "class.csv")  # the table's name is taken by a folder
    refuse(graded, "class.csv", AGAIN)
