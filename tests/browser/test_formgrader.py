"""What an instructor reads in formgrader, and in `nbgrader export`, after our code has graded."""

import copy
import csv
import re
import subprocess
import sys

import nbformat
import pytest

from autograder.gradebook import open_gradebook, record
from autograder.results import ExerciseResult, Grade, TestResult

pytest.importorskip("playwright", reason="playwright is not installed (extra `dev`)")
from playwright.sync_api import expect

expect.set_options(timeout=60_000)  # a bound, not a pause: it waits until the page shows the text

HINT = TestResult(name="Averages", status="failed", points=2, max_points=5, message="off by 8", hint="Sum or mean?")
HOSTILE = "Why?\n\n<script>window.stolen = 1</script><img src='x' onerror='window.stolen = 1'> Because $a<b$."


def cell(kind, name, source, points=None, locked=False):
    settings = {"grade": points is not None, "solution": not locked, "locked": locked, "task": False}
    settings |= {"grade_id": name, "schema_version": 3} | ({"points": points} if points is not None else {})
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": settings})


@pytest.fixture(scope="session")
def master():
    stub = "def {}(noise):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Tiny", id="title"),
            cell("code", "imports", "import math", locked=True),
            cell("code", "generator", stub.format("generator"), 10),
            cell("code", "loss", stub.format("loss"), 5),
            cell("markdown", "comparison", "Why?\n\nYOUR ANSWER HERE", 4),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


@pytest.fixture
def course(tmp_path, master):
    """A folder laid out as nbgrader wants it; nothing is graded yet."""
    folder = tmp_path / "course"
    for stage in ("source/tiny", "release/tiny", "submitted/ada/tiny", "submitted/grace/tiny", "submitted/linus/tiny"):
        (folder / stage).mkdir(parents=True)
    nbformat.write(master, folder / "source/tiny/tiny.ipynb")
    nbformat.write(master, folder / "release/tiny/tiny.ipynb")
    (folder / "submitted/ada/tiny/timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'gans'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    )
    open_gradebook(course_folder=folder)  # made before formgrader starts, which would make it, too
    return folder


@pytest.fixture
def page(open_page, course):
    with open_page(course, "/formgrader/manage_assignments", "nbgrader.server_extensions.formgrader") as tab:
        yield tab


def submitted_notebook(master, answer):
    notebook = copy.deepcopy(master)
    notebook.cells[2].source = "def generator(noise):\n    return noise"
    notebook.cells[4].source = answer
    return notebook


def grade(student, generator, loss):
    exercises = (
        ExerciseResult(id="generator", title="Generator", score=generator, max_score=10, status="partial"),
        ExerciseResult(
            id="loss",
            title="Loss",
            score=loss,
            max_score=5,
            status="internal" if loss is None else "partial",
            tests=() if loss is None else (HINT,),
        ),
    )
    status = "internal_error" if loss is None else "graded"
    score = None if loss is None else generator + loss
    return Grade(student=student, assignment="tiny", status=status, score=score, max_score=15, exercises=exercises)


def open_submission(page, score):
    """The Manual Grading page of the one submission that has this score."""
    page.goto("/formgrader/gradebook/tiny/tiny")
    page.get_by_role("row").filter(has_text=score).get_by_role("link").click()


def expect_submission(page, student, status, score):
    """One row of the table of submissions that the page shows."""
    cells = page.get_by_role("row", name=student).get_by_role("gridcell")
    expect(cells.nth(3)).to_have_text(status)
    expect(cells.nth(4)).to_have_text(score)


def exported(course, environment):
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv"]
    subprocess.run(command, cwd=course, env=environment, check=True, capture_output=True)
    with (course / "grades.csv").open() as file:
        return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}


def test_formgrader_and_export_show_the_numbers_we_graded(page, course, master, private_environment):
    gradebook = open_gradebook(course_folder=course)
    record(gradebook, grade("ada", 7.5, 2.0), master, submitted_notebook(master, "Why?\n\nBecause."))
    record(gradebook, grade("grace", 10.0, 5.0), master, submitted_notebook(master, master.cells[4].source))
    record(gradebook, grade("linus", 10.0, None), master, submitted_notebook(master, master.cells[4].source))

    page.goto("/formgrader/manage_submissions/tiny")
    expect_submission(page, "ada", "needs manual grading", "9.5 / 19")
    expect_submission(page, "grace", "graded", "15 / 19")
    expect_submission(page, "linus", "needs manual grading", "10 / 19")
    expect(page.get_by_role("row", name="ada")).to_contain_text("2026-03-01 12:00:00 UTC")

    page.goto("/formgrader/gradebook/tiny/tiny")
    cells = page.get_by_role("row").filter(has_text="9.5 / 19").get_by_role("gridcell")
    expect(cells.filter(has_text="/")).to_have_text(["9.5 / 19", "9.5 / 15", "0 / 4", "0 / 0"])
    open_submission(page, "9.5 / 19")
    expect(page.locator("#generator")).to_have_attribute("placeholder", "7.5")
    expect(page.locator("#loss")).to_have_attribute("placeholder", "2")
    hint = "- Averages (2 / 5): off by 8. Hint: Sum or mean?"
    expect(page.locator("#loss-comment")).to_have_attribute("placeholder", hint)
    expect(page.locator("#comparison")).to_have_value("")

    assert exported(course, private_environment) == {"ada": (9.5, 19), "grace": (15, 19), "linus": (10, 19)}


def test_a_score_typed_in_formgrader_survives_a_regrade_and_an_answer_runs_nothing(
    page, course, master, private_environment
):
    notebook = submitted_notebook(master, HOSTILE)
    gradebook = open_gradebook(course_folder=course)
    record(gradebook, grade("ada", 7.5, 2.0), master, notebook)

    open_submission(page, "9.5 / 19")
    expect(page.get_by_text("Because")).to_contain_text("< script>window.stolen = 1< /script>")
    # Its placeholders are there once formgrader has bound its events.
    expect(page.locator("#generator")).to_have_attribute("placeholder", re.compile("."))
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT") as saved:
        page.locator("#comparison").fill("3.5")
        page.locator("#comparison").blur()
    assert saved.value.ok
    assert page.evaluate("window.stolen") is None
    assert page.locator("#notebook script, #notebook img").count() == 0

    record(gradebook, grade("ada", 10.0, 2.0), master, notebook)
    page.goto("/formgrader/manage_submissions/tiny")
    expect_submission(page, "ada", "graded", "15.5 / 19")
    open_submission(page, "15.5 / 19")
    expect(page.locator("#comparison")).to_have_value("3.5")
    assert exported(course, private_environment)["ada"] == (15.5, 19)
