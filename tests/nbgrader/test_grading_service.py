"""The process that grades on request: it comes back, it says why it cannot work, and it leaves nothing behind."""

import json
import shutil

import psutil
import pytest

from autograder.course import load_course
from autograder.errors import GraderError
from autograder.grading_service import GradingService, open_service
from autograder.intake import Job
from tests.nbgrader.courses import RIGHT


@pytest.fixture(scope="module")
def small(course):
    return load_course(course).assignment("small")


@pytest.fixture
def job(small, tmp_path):
    notebook = json.loads((small.release / "small.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["source"] = RIGHT.get(cell["id"], cell["source"])
    (tmp_path / "small.ipynb").write_text(json.dumps(notebook))
    return Job("ada", "small", tmp_path / "small.ipynb", notes=("file: taken",))


def interrupt(*_):
    raise KeyboardInterrupt


def test_a_process_that_nobody_asked_has_ended_and_comes_back_and_an_interrupt_ends_all(small, job, monkeypatch):
    service = GradingService(small, "nested", idle_seconds=0.1)
    assert service._process.wait(60) == 0
    service._task.idle_seconds = 60.0
    reply = service.grade(job)
    assert (reply.grade.student, reply.grade.status, reply.grade.score) == ("ada", "graded", 5)
    assert reply.grade.repairs == job.notes
    assert RIGHT["double"] in [cell["source"] for cell in reply.notebook["cells"]]

    family = psutil.Process(service._process.pid).children(recursive=True)
    assert family
    monkeypatch.setattr("autograder.grading_service.Connection.recv_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        service.grade(job)
    assert service._process.returncode is not None
    assert psutil.wait_procs(family, timeout=60)[1] == []


def test_a_service_is_kept_until_what_it_has_read_changes(course, tmp_path, monkeypatch):
    shutil.copytree(course, tmp_path / "course")
    assignment = load_course(tmp_path / "course").assignment("small")
    closed = []

    class Service:
        def __init__(self, assignment, level):
            self.level = level

        def close(self):
            closed.append(self.level)

    monkeypatch.setattr("autograder.grading_service.GradingService", Service)
    monkeypatch.setattr("autograder.grading_service._kept", None)
    first = open_service(assignment, "nested")
    assert open_service(assignment, "nested") is first
    second = open_service(assignment, "bubblewrap")
    assert closed == ["nested"]
    (assignment.suite / "test_halve.py").write_text("# better now\n")
    assert open_service(assignment, "bubblewrap") is not second
    assert closed == ["nested", "bubblewrap"]


def test_a_course_without_its_suite_is_refused_with_the_reason(course, tmp_path):
    shutil.copytree(course, tmp_path / "course", ignore=shutil.ignore_patterns("suites"))
    assignment = load_course(tmp_path / "course").assignment("small")
    with pytest.raises(GraderError, match="expected the hidden suite of small, found no such folder"):
        GradingService(assignment, "nested")
