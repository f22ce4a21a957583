"""What nbgrader reads back from the gradebook that we write."""

import copy
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, text
from traitlets.config import Config, PyFileConfigLoader

from autograder.classbook import Override, apply_overrides
from autograder.course import Assignment, Exercise, Limits
from autograder.errors import GraderError
from autograder.gradebook import open_gradebook, record
from autograder.results import ExerciseResult, Grade, TestResult
from tests.postgresql_server import new_database, postgresql_server  # noqa: F401

VENV_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
SOLVED = "def generator(noise):\n    ### BEGIN SOLUTION\n    return noise\n    ### END SOLUTION"
QUESTION = "Why?\n\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION"


def exercise(name, points, manual=False):
    return Exercise(name, name.capitalize(), points, () if manual else (name,), manual, 5.0)


TINY = Assignment(
    Path("."),
    "tiny",
    "Tiny",
    1,
    (exercise("generator", 10), exercise("loss", 5), exercise("comparison", 4, manual=True)),
    (),
    Limits(10, 60, 1024),
)


def nbgrader_cell(kind, name, source, points=None, locked=False):
    settings = {"grade": points is not None, "solution": not locked, "locked": locked, "task": False}
    settings |= {"grade_id": name, "schema_version": 3} | ({"points": points} if points is not None else {})
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": settings})


def source_notebook():
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Tiny", id="title"),
            nbgrader_cell("code", "imports", "import math", locked=True),
            nbgrader_cell("code", "generator", SOLVED, 10),
            nbgrader_cell("code", "generator_check", "assert generator(1) == 1", locked=True),
            nbgrader_cell("code", "loss", SOLVED.replace("generator", "loss"), 5),
            nbgrader_cell("markdown", "comparison", QUESTION, 4),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def run_nbgrader(folder, *words):
    environment = dict(os.environ, PATH=VENV_PATH, HOME=str(folder), JUPYTER_CONFIG_DIR=str(folder / ".jupyter"))
    subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=folder, env=environment, check=True)


@pytest.fixture(scope="module")
def nbgrader_made(tmp_path_factory):
    """A course whose release and gradebook nbgrader itself made."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "source" / "tiny").mkdir(parents=True)
    nbformat.write(source_notebook(), folder / "source" / "tiny" / "tiny.ipynb")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    run_nbgrader(folder, "generate_assignment", "tiny")
    return folder


@pytest.fixture
def master(nbgrader_made):
    return nbformat.read(nbgrader_made / "release" / "tiny" / "tiny.ipynb", as_version=4)


@pytest.fixture(params=["sqlite", "postgresql"])
def course(tmp_path, request):
    """The folder of an nbgrader course, its gradebook in a file there, or on a server that its settings name."""
    (tmp_path / "submitted" / "ada" / "tiny").mkdir(parents=True)
    if request.param == "postgresql":
        url = request.getfixturevalue("new_database")()
        (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
    return tmp_path


def address(course):
    """The URL of a course's gradebook, as nbgrader finds it."""
    settings = course / "nbgrader_config.py"
    config = PyFileConfigLoader(settings.name, path=str(course)).load_config() if settings.exists() else Config()
    return CourseDirectory(config=config, root=str(course)).db_url


@pytest.fixture
def gradebook(course):
    return open_gradebook(course_folder=course)


@pytest.fixture
def answered(master):
    notebook = copy.deepcopy(master)
    notebook.cells[2].source = "def generator(noise):\n    return noise"
    notebook.cells[5].source = "Why?\n\nIt varies."
    return notebook


def results(generator=10.0, loss=2.0):
    hint = TestResult(
        name="Averages", status="failed", points=2, max_points=5, message="off by 8", hint="Did you <b>average</b>?"
    )
    scores = (("generator", generator, 10.0, ()), ("loss", loss, 5.0, (hint,)))
    return tuple(
        ExerciseResult(
            id=name,
            title=name,
            score=score,
            max_score=points,
            tests=tests,
            status="internal" if score is None else "passed" if score == points else "partial",
        )
        for name, score, points, tests in scores
    )


def graded(student="ada", status="graded", **changes):
    values = {"score": 12.0, "max_score": 15.0, "needs_manual": ("comparison",), "exercises": results()}
    return Grade(student=student, assignment="tiny", status=status, **(values | changes))


def rows(course, student="ada"):
    """(auto_score, manual_score, needs_manual_grade) by cell, as nbgrader reads them."""
    with NbgraderGradebook(address(course)) as book:
        grades = book.find_submission_notebook("tiny", "tiny", student).grades
        return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in grades}


def comments(course, student="ada"):
    with NbgraderGradebook(address(course)) as book:
        return {c.name: c.comment for c in book.find_submission_notebook("tiny", "tiny", student).comments}


def enter_by_hand(course, cell, score, comment="Well argued", extra=None):
    """What formgrader does when an instructor types a score."""
    with NbgraderGradebook(address(course)) as book:
        grade = book.find_grade(cell, "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        book.find_comment(cell, "tiny", "tiny", "ada").manual_comment = comment
        book.db.commit()


def described(url):
    """All that nbgrader keeps of the released notebook, without its random ids."""
    with NbgraderGradebook(url) as book:
        notebook = book.find_notebook("tiny", "tiny")
        cells = [*notebook.grade_cells, *notebook.solution_cells, *notebook.source_cells, *notebook.task_cells]
        known = [{k: v for k, v in cell.to_dict().items() if k != "id"} | {"table": type(cell)} for cell in cells]
        return (
            notebook.kernelspec,
            notebook.max_score,
            sorted(known, key=lambda cell: (str(cell["table"]), cell["name"])),
        )


def test_the_cells_are_those_that_nbgrader_itself_would_create(nbgrader_made, gradebook, master, course):
    record(gradebook, graded(), master, master)
    assert described(address(course)) == described(address(nbgrader_made))


def test_a_gradebook_that_nbgrader_made_is_continued(nbgrader_made, master, answered, tmp_path):
    shutil.copy(nbgrader_made / "gradebook.db", tmp_path / "gradebook.db")
    record(open_gradebook(course_folder=tmp_path), graded(), master, answered)
    assert rows(tmp_path)["generator"] == (10.0, None, False)


def test_scores_stand_by_exercise_and_the_question_waits_for_a_person(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    assert rows(course) == {
        "generator": (10.0, None, False),
        "loss": (2.0, None, False),
        "comparison": (None, None, True),
    }


def test_hints_become_comments_in_which_no_tag_can_open(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    assert comments(course)["loss"] == "- Averages (2 / 5): off by 8. Hint: Did you < b>average< /b>?"
    assert comments(course)["generator"] is None


def test_an_untouched_question_gets_nbgraders_no_response_and_waits_for_nobody(gradebook, course, master):
    record(gradebook, graded(needs_manual=()), master, master)
    assert rows(course)["comparison"] == (0.0, None, False)
    assert comments(course)["comparison"] == "No response."


def test_an_untouched_question_that_was_perhaps_answered_elsewhere_waits_for_a_person(gradebook, course, master):
    record(gradebook, graded(needs_manual=("comparison",)), master, master)
    assert rows(course)["comparison"] == (None, None, True)
    assert comments(course)["comparison"] is None


def test_scores_given_by_hand_survive_a_regrade_without_new_review(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    enter_by_hand(course, "comparison", 3.5, extra=1.0)
    enter_by_hand(course, "loss", 5.0, comment=None)
    record(gradebook, graded(), master, answered)
    assert rows(course)["comparison"] == (None, 3.5, False)
    assert rows(course)["loss"] == (2.0, 5.0, False)
    assert comments(course)["comparison"] == "Well argued"
    with NbgraderGradebook(address(course)) as book:
        assert book.find_submission("tiny", "ada").score == 10 + 5 + 3.5 + 1


def test_a_changed_answer_puts_a_score_given_by_hand_up_for_review(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    enter_by_hand(course, "comparison", 3.5)
    answered.cells[5].source += " And more."
    record(gradebook, graded(), master, answered)
    assert rows(course)["comparison"] == (None, 3.5, True)


def test_a_changed_automatic_score_puts_a_score_given_by_hand_up_for_review(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    enter_by_hand(course, "loss", 5.0)
    record(gradebook, graded(exercises=results(loss=1.0)), master, answered)
    assert rows(course)["loss"] == (1.0, 5.0, True)
    record(gradebook, graded(exercises=results(loss=1.0)), master, answered)
    assert rows(course)["loss"] == (1.0, 5.0, True)  # until a person has seen it


def test_the_graders_own_failure_is_left_for_a_person_and_is_no_zero(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    broken = graded(status="internal_error", score=None, exercises=results(loss=None))
    record(gradebook, broken, master, answered)
    assert rows(course)["loss"] == (None, None, True)
    assert rows(course)["generator"] == (10.0, None, False)


def test_a_failure_before_anything_was_graded_leaves_every_exercise_for_a_person(gradebook, course, master):
    record(gradebook, graded(status="internal_error", score=None, exercises=(), message="killed"), master)
    assert set(rows(course).values()) == {(None, None, True)}
    shown = (course / "autograded/ada/tiny/tiny.ipynb").read_text()
    assert "The grader failed before it could read this submission. A person will look at it." in shown
    assert "killed" not in shown  # students read this page, too


def test_a_missing_notebook_scores_zero_and_leaves_the_folder_formgrader_expects(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    record(gradebook, graded(status="missing", score=0.0, exercises=(), needs_manual=()), master)
    assert set(rows(course).values()) == {(0.0, None, False)}
    assert list((course / "autograded/ada/tiny").iterdir()) == []


def test_an_unreadable_notebook_is_shown_with_a_notice_and_waits_for_a_person(gradebook, course, master):
    record(gradebook, graded(status="unreadable", score=0.0, exercises=(), message="found a PDF"), master)
    assert set(rows(course).values()) == {(0.0, None, True)}
    shown = nbformat.read(course / "autograded/ada/tiny/tiny.ipynb", as_version=4)
    assert "could not be read: found a PDF" in shown.cells[0].source
    assert len(shown.cells) == len(master.cells) + 1


def test_an_override_counts_as_the_score_and_its_reason_as_a_comment(gradebook, course, master, answered):
    overrides = [
        Override(student="ada", assignment="tiny", exercise="loss", score=4, reason="Shown in the lab"),
        Override(student="ada", assignment="tiny", exercise="comparison", score=3, reason="Told in person"),
    ]
    grade = apply_overrides(graded(), TINY, overrides)
    record(gradebook, grade, master, answered, overrides)
    assert rows(course)["loss"] == (4.0, None, False)
    assert rows(course)["comparison"] == (3.0, None, False)
    assert comments(course)["loss"].startswith("Set by an instructor: Shown in the lab")


def test_the_time_of_submission_is_that_of_timestamp_txt_and_lateness_follows(gradebook, course, master, answered):
    stamp = course / "submitted/ada/tiny/timestamp.txt"
    stamp.write_text("2026-03-01 12:00:10 UTC\n")
    record(gradebook, graded(submitted_at="2020-01-01 00:00:00 UTC"), master, answered)
    with NbgraderGradebook(address(course)) as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 12:00:00 UTC")
        assert book.find_submission("tiny", "ada").total_seconds_late == 10
    stamp.write_text("\x00 whenever I like")
    record(gradebook, graded(), master, answered)
    with NbgraderGradebook(address(course)) as book:
        assert book.find_submission("tiny", "ada").total_seconds_late == 10


def test_without_a_course_folder_the_records_own_time_is_kept(tmp_path, master, answered):
    book = open_gradebook(url=f"sqlite:///{tmp_path}/gradebook.db")
    record(book, graded(submitted_at="2026-03-01 12:00:10 UTC"), master, answered)
    with NbgraderGradebook(f"sqlite:///{tmp_path}/gradebook.db") as reader:
        assert reader.find_submission("tiny", "ada").timestamp.isoformat() == "2026-03-01T12:00:10"
    assert not (tmp_path / "autograded").exists()


def test_the_settings_of_nbgrader_config_are_followed(tmp_path, master, answered):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'gans'\nc.CourseDirectory.autograded_directory = 'graded'\n"
    )
    record(open_gradebook(course_folder=tmp_path), graded(), master, answered)
    assert (tmp_path / "graded/ada/tiny/tiny.ipynb").is_file()
    with NbgraderGradebook(f"sqlite:///{tmp_path}/gradebook.db", "gans") as book:
        assert book.find_assignment("tiny").course_id == "gans"


def test_a_locked_gradebook_is_waited_for_and_then_reported_with_nothing_written(course, master, answered):
    gradebook = open_gradebook(course_folder=course, wait_seconds=0.2)
    other = create_engine(address(course)).connect()
    lock = "BEGIN IMMEDIATE" if other.dialect.name == "sqlite" else "LOCK TABLE student"
    other.execute(text(lock))
    with pytest.raises(GraderError, match=r"locked for more than 0\.2 s; close it"):
        record(gradebook, graded(), master, answered)
    other.close()
    assert not (course / "autograded").exists()
    record(gradebook, graded(), master, answered)
    assert rows(course)["generator"] == (10.0, None, False)


def test_graders_that_write_at_the_same_time_wait_for_each_other(gradebook, course, master, answered):
    def write(grader):
        for number in range(5):
            record(gradebook, graded(f"{grader}-{number}"), master, answered)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, ("a", "b", "c", "d")))
    with NbgraderGradebook(address(course)) as book:
        assert {submission.score for submission in book.find_assignment("tiny").submissions} == {12.0}
        assert len(book.students) == 20


def test_if_the_notebook_cannot_be_written_the_gradebook_is_left_as_it_was(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    shutil.rmtree(course / "autograded")
    (course / "autograded").write_text("a file where a folder should be")
    with pytest.raises(GraderError, match="cannot be written"):
        record(gradebook, graded(exercises=results(generator=1.0)), master, answered)
    assert rows(course)["generator"] == (10.0, None, False)


def test_an_exercise_that_was_added_reaches_earlier_submissions_too(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    master.cells.append(nbgrader_cell("code", "extra", "def extra(): ...", 7))
    record(gradebook, graded("grace"), master, answered)
    assert rows(course)["extra"] == (None, None, True)


def test_an_exercise_that_was_removed_goes_unless_it_was_graded_by_hand(gradebook, course, master, answered):
    shorter = copy.deepcopy(master)
    shorter.cells = [cell for cell in master.cells if cell.id != "loss"]
    record(gradebook, graded(), master, answered)
    record(gradebook, graded(), shorter, answered)
    assert set(rows(course)) == {"generator", "comparison"}
    record(gradebook, graded(), master, answered)
    enter_by_hand(course, "loss", 5.0)
    with pytest.raises(GraderError, match="'loss' of tiny is no longer in the released notebook"):
        record(gradebook, graded(), shorter, answered)


def test_points_that_changed_in_the_release_change_in_the_gradebook(gradebook, course, master, answered):
    record(gradebook, graded(), master, answered)
    master.cells[4].metadata["nbgrader"]["points"] = 6
    record(gradebook, graded(), master, answered)
    with NbgraderGradebook(address(course)) as book:
        assert book.find_assignment("tiny").max_score == 20


def test_a_student_whose_name_is_a_path_is_refused(gradebook, course, master, answered):
    with pytest.raises(GraderError, match="expected the name of one folder"):
        record(gradebook, graded("../../root"), master, answered)
    assert not (course / "autograded").exists()
