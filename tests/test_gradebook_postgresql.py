"""What only a server does: several write at once, it may be gone, and nbgrader reads from it all the same."""

import csv
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbgrader.api import Gradebook as NbgraderGradebook
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from autograder.errors import GraderError
from autograder.gradebook import open_gradebook, record
from tests.postgresql_server import new_database, postgresql_server  # noqa: F401
from tests.test_gradebook import answered, graded, master, nbgrader_made, results, run_nbgrader  # noqa: F401


@pytest.fixture
def url(new_database):  # noqa: F811
    return new_database()


def rows(url):
    with NbgraderGradebook(url) as book:
        grades = book.find_submission_notebook("tiny", "tiny", "ada").grades
        return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in grades}


def test_graders_that_open_an_empty_database_at_the_same_time_all_find_their_tables(url):
    with ThreadPoolExecutor(4) as pool:
        books = list(pool.map(lambda _: open_gradebook(url=url), range(4)))
    assert "alembic_version" in inspect(books[0].engine).get_table_names()


def test_a_score_that_formgrader_is_entering_at_this_moment_is_waited_for_and_kept(url, master, answered):  # noqa: F811
    gradebook = open_gradebook(url=url)
    record(gradebook, graded(), master, answered)
    other = create_engine(url)
    entered = text(
        "UPDATE grade SET manual_score = 3.5, needs_manual_grade = false FROM base_cell "
        "WHERE base_cell.id = grade.cell_id AND base_cell.name = 'comparison'"
    )
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool, other.connect() as formgrader, other.connect() as looking:
        formgrader.execute(entered)
        regrade = pool.submit(record, gradebook, graded(exercises=results(loss=1.0)), master, answered)
        until = time.monotonic() + 60
        while not looking.execute(waiting).scalar():
            assert time.monotonic() < until, "the grader does not wait"
            looking.rollback()
        formgrader.commit()
        regrade.result(timeout=60)
    other.dispose()
    assert rows(url)["comparison"] == (None, 3.5, False)
    assert rows(url)["loss"] == (1.0, None, False)


def test_nbgrader_exports_what_stands_in_it(url, master, answered, tmp_path):  # noqa: F811
    gradebook = open_gradebook(url=url)
    for student in ("ada", "Ada"):  # two students to PostgreSQL as to SQLite
        record(gradebook, graded(student), master, answered)
    run_nbgrader(tmp_path, "export", "--db", url, "--to", "grades.csv")
    with (tmp_path / "grades.csv").open() as table:
        found = [(row["student_id"], row["assignment"], float(row["score"])) for row in csv.DictReader(table)]
    assert sorted(found) == [("Ada", "tiny", 12.0), ("ada", "tiny", 12.0)]


def test_another_programs_database_is_refused_and_left_alone(url):
    with create_engine(url).begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name text)"))
    with pytest.raises(GraderError, match="expected nbgrader's gradebook, found other tables"):
        open_gradebook(url=url)
    assert inspect(create_engine(url)).get_table_names() == ["recipes"]


@pytest.mark.parametrize(
    "change", [{"query": {"host": "/nowhere"}}, {"database": "nobody_made_it"}], ids=["no server", "no database"]
)
def test_a_server_that_does_not_let_us_in_is_told_in_one_line_without_the_password(url, change):
    wrong = make_url(url).set(password="secret", **change)
    with pytest.raises(GraderError, match="see that the server runs and lets you in") as caught:
        open_gradebook(url=wrong.render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)
