"""Which databases are opened as nbgrader's gradebook, and which are refused and left alone."""

import sqlite3
import sys
import threading

import pytest
from nbgrader import api
from nbgrader.api import Gradebook as NbgraderGradebook
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url

from autograder.errors import GraderError
from autograder.gradebook_database import open_gradebook


def test_a_fresh_gradebook_needs_no_alembic_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    open_gradebook(course_folder=tmp_path)
    with NbgraderGradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        assert book.assignments == []


def test_a_foreign_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(GraderError, match="expected nbgrader's gradebook, found other tables"):
        open_gradebook(course_folder=tmp_path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    (tmp_path / "gradebook.db").write_text("student,score\nada,12\n" * 50)
    with pytest.raises(GraderError, match="found no SQLite database"):
        open_gradebook(course_folder=tmp_path)
    assert (tmp_path / "gradebook.db").read_text().startswith("student,score")


def test_a_gradebook_of_another_nbgrader_version_is_refused(tmp_path):
    open_gradebook(course_folder=tmp_path)
    with sqlite3.connect(tmp_path / "gradebook.db") as other:
        other.execute("UPDATE alembic_version SET version_num = 'older'")
    with pytest.raises(GraderError, match="nbgrader db upgrade"):
        open_gradebook(course_folder=tmp_path)


def test_a_gradebook_that_nbgrader_could_not_stamp_is_taken(tmp_path):
    open_gradebook(course_folder=tmp_path)
    with sqlite3.connect(tmp_path / "gradebook.db") as other:
        other.execute("DROP TABLE alembic_version")  # nbgrader leaves it so if alembic is not on its PATH
    assert open_gradebook(course_folder=tmp_path).course_id == "default_course"


def test_a_gradebook_that_another_program_is_just_making_is_waited_for(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/gradebook.db")
    first, *others = api.Base.metadata.sorted_tables
    first.create(engine)
    finish = threading.Timer(0.5, lambda: [table.create(engine) for table in others])
    finish.start()
    gradebook = open_gradebook(course_folder=tmp_path)
    finish.join()
    assert set(inspect(gradebook.engine).get_table_names()) == set(api.Base.metadata.tables)


def test_a_gradebook_that_nobody_finishes_is_refused(tmp_path):
    api.Base.metadata.sorted_tables[0].create(create_engine(f"sqlite:///{tmp_path}/gradebook.db"))
    with pytest.raises(GraderError, match="another version"):
        open_gradebook(course_folder=tmp_path, wait_seconds=0.2)


@pytest.mark.parametrize("url", ["gradebook.db", "nosuch://x/y", ""])
def test_an_address_that_is_no_database_url_is_explained(url):
    with pytest.raises(GraderError, match=r"expected a database URL such as sqlite:///gradebook\.db"):
        open_gradebook(url=url)


def test_a_password_in_the_url_is_not_repeated_in_errors(tmp_path):
    url = make_url(f"sqlite://ada:secret@/{tmp_path}/missing/gradebook.db")
    with pytest.raises(GraderError) as caught:
        open_gradebook(url=url.render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)


def test_a_broken_nbgrader_config_is_named(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(GraderError, match=r"nbgrader_config\.py: SyntaxError"):
        open_gradebook(course_folder=tmp_path)


def test_a_driver_that_is_missing_is_named_with_the_package_that_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(GraderError, match=r"'psycopg' is not installed; pip install 'psycopg\[binary\]'"):
        open_gradebook(url="postgresql+psycopg://grader@nowhere/gradebook")
