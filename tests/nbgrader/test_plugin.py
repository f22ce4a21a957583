"""The exporters within nbgrader's converters, where a fault of the grader can be planted."""

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, SaveAutoGrades
from traitlets.config import PyFileConfigLoader

from autograder.course import load_course
from autograder.errors import GraderError
from autograder.gradebook import open_gradebook, record
from autograder.grading_service import Reply
from autograder.intake import Job
from autograder.ungraded import ungraded
from tests.nbgrader.courses import DUE, LATE


@pytest.fixture
def course_and_source(new_course, course):
    """An nbgrader course with its source, nothing generated yet."""
    nbgrader = new_course()
    nbgrader.run("-r", str(course / "source/small"), "source", program="cp")
    return nbgrader


@pytest.fixture
def released_course(course_and_source):
    """The same after generate_assignment."""
    convert(course_and_source, GenerateAssignment)
    return course_and_source


@pytest.fixture
def answer_with(monkeypatch, course):
    """answer_with(function): in place of the grading process, a function of the job."""
    asked = []

    class Service:
        def __init__(self, function):
            self.function = function

        def grade(self, job):
            asked.append(job.student)
            return self.function(job)

    def plant(function):
        monkeypatch.setattr("autograder.nbgrader_plugin.open_service", lambda assignment, level: Service(function))
        return asked

    return plant


def convert(nbgrader, converter, **settings):
    """Run one of nbgrader's converters on the course, in this process, by the course's own settings."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(nbgrader.folder)).load_config()
    for name, value in settings.items():
        config[converter.__name__][name] = value
    directory = CourseDirectory(root=str(nbgrader.folder), config=config, assignment_id="small")
    running = converter(coursedir=directory, config=config)
    running.start()
    return running


def test_a_grader_that_fails_gives_no_score_asks_for_a_person_and_goes_on(released_course, answer_with, course, caplog):
    small = load_course(course).assignment("small")

    def answer(job):
        if job.student == "bob":
            raise GraderError("the disk is full")
        if job.student == "cid":
            return Reply(ungraded(small, job, "unreadable", "found a web page"))
        return None  # the process ended over it

    answer_with(answer)
    for student in ("ada", "bob", "cid"):
        released_course.hand_in(student, released_course.write_notebook())
    convert(released_course, Autograde)
    rows = released_course.rows()
    for student, words in (("ada", "ended over this submission"), ("bob", "the disk is full")):
        assert [rows[student][name] for name in ("double", "halve", "reason")] == [(None, True, None)] * 3
        shown = nbformat.read(released_course.folder / "autograded" / student / "small/small.ipynb", 4)
        assert "The grader failed" in shown.cells[0].source
        assert words not in shown.cells[0].source  # that is for the instructor
        assert words in caplog.text
    assert rows["cid"]["double"] == (0, True, None)


@pytest.mark.parametrize(
    "steps",
    [[Execute, SaveAutoGrades], ["nbgrader.preprocessors.Execute", "nbgrader.preprocessors.SaveAutoGrades"]],
    ids=["classes", "names"],
)
def test_no_step_that_runs_a_notebook_is_taken_from_any_list(released_course, answer_with, steps):
    answer_with(lambda job: None)
    released_course.hand_in("ada", released_course.write_notebook())
    lists = {"sanitize_preprocessors": steps, "autograde_preprocessors": steps}
    running = convert(released_course, Autograde, **lists)
    assert running.exporter._preprocessors == []
    assert released_course.rows()["ada"]["double"] == (None, True, None)


def test_a_step_of_the_courses_own_runs_on_the_repaired_notebook(released_course, answer_with):
    seen = []

    def count_cells(notebook, resources):
        seen.append((resources["nbgrader"]["student"], len(notebook.cells)))
        return notebook, resources

    answer_with(lambda job: None)
    released_course.hand_in("ada", released_course.write_notebook())
    convert(released_course, Autograde, autograde_preprocessors=[count_cells])
    assert seen == [("ada", 1 + len(released_course.released["cells"]))]  # with the notice


def test_students_who_were_excluded_or_not_asked_for_are_left_alone(released_course, answer_with):
    asked = answer_with(lambda job: None)
    for student in ("ada", "bob"):
        released_course.hand_in(student, released_course.write_notebook())
    (released_course.folder / "submitted/cid/small").mkdir(parents=True)
    with (released_course.folder / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.student_id_exclude = 'bob,cid'\n")
    convert(released_course, Autograde)
    assert asked == ["ada"]
    assert set(released_course.rows()) == {"ada"}


def test_what_is_graded_already_is_not_graded_again(released_course, answer_with):
    asked = answer_with(lambda job: None)
    released_course.hand_in("ada", released_course.write_notebook())
    convert(released_course, Autograde)
    convert(released_course, Autograde)
    assert asked == ["ada"]
    convert(released_course, Autograde, force=True)
    assert asked == ["ada", "ada"]


def test_a_notebook_that_comes_after_its_folder_was_graded_as_empty_is_graded(released_course, answer_with, course):
    small = load_course(course).assignment("small")

    def answer(job):
        status = "unreadable" if job.found else "missing"
        return Reply(ungraded(small, job, status, "none"))

    asked = answer_with(answer)
    released_course.hand_in("ada", released_course.write_notebook())
    (released_course.folder / "submitted/cid/small").mkdir(parents=True)
    convert(released_course, Autograde)
    assert asked == ["cid", "ada"]
    released_course.hand_in("cid", released_course.write_notebook())
    convert(released_course, Autograde)
    assert asked == ["cid", "ada", "cid"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("c.CourseExporter.course = '/nowhere'\n", r"expected a folder inside a course.*c\.CourseExporter\.course"),
        ("", "this machine has no bubblewrap"),
    ],
    ids=["no course", "no sandbox"],
)
def test_what_is_missing_is_said_before_anything_is_deleted(released_course, answer_with, monkeypatch, settings, said):
    answer_with(lambda job: None)
    released_course.hand_in("ada", released_course.write_notebook())
    convert(released_course, Autograde)
    before = released_course.rows()

    def refuse(assignment, level):
        raise GraderError("this machine has no bubblewrap")

    monkeypatch.setattr("autograder.nbgrader_plugin.open_service", refuse)
    with (released_course.folder / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    with pytest.raises(NbGraderException, match=said):
        convert(released_course, Autograde, force=True)
    assert (released_course.folder / "autograded/ada/small/small.ipynb").is_file()
    assert released_course.rows() == before


def test_a_rule_for_late_work_that_fails_is_named_and_nothing_is_written(released_course, course):
    with (released_course.folder / "nbgrader_config.py").open("a") as file:
        file.write(LATE.replace("return 1.0", "return 1 / 0"))
    with Gradebook(f"sqlite:///{released_course.folder}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment("small", duedate=DUE)
    folder = released_course.hand_in("ada", released_course.write_notebook())
    (folder / "timestamp.txt").write_text("2026-03-01 13:00:00 UTC")
    grade = ungraded(load_course(course).assignment("small"), Job("ada", "small", folder), "unreadable", "no notebook")
    with pytest.raises(GraderError, match=r"the rule for late work .* failed on ada: ZeroDivisionError"):
        record(open_gradebook(course_folder=released_course.folder), grade, released_course.released)
    assert released_course.rows() == {}
    assert not (released_course.folder / "autograded").exists()


def test_a_release_in_which_the_solution_can_be_read_is_refused(course_and_source, edit):
    edit(course_and_source.folder / "source/small/small.ipynb", "### BEGIN SOLUTION", "### BEGIN SOLUTON")
    with pytest.raises(NbGraderException):
        convert(course_and_source, GenerateAssignment)
    assert not (course_and_source.folder / "release/small").exists()


def test_an_exporter_in_another_converters_place_is_refused(course_and_source):
    with pytest.raises(TypeError, match=r"SandboxExporter works as Autograde\.exporter_class only"):
        convert(course_and_source, GenerateAssignment, exporter_class="autograder.nbgrader_plugin.SandboxExporter")
