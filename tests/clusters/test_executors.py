"""Which executor is chosen, and what is said when there is none; no cluster runs here."""

import shutil
import signal
import socket
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import msgspec
import pytest
from typer.testing import CliRunner

from autograder import __version__
from autograder.cli import app
from autograder.course import load_course
from autograder.edition import describe_edition, tell_difference
from autograder.errors import GraderError
from autograder.executors import choose_executor, cluster, worker
from autograder.grading_service import Reply
from autograder.intake import Job, find_submissions

JOB = Job("amina", "small", SimpleNamespace(name="small.ipynb"))


def refused(*arguments):
    """What the command says, in one line, when it cannot start."""
    ended = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert ended.exit_code == 2, ended.output
    (line,) = ended.stderr.strip().splitlines()
    return line


@pytest.fixture
def command(course, hand_in, tmp_path):
    return [hand_in("amina"), "--out", tmp_path / "out", "--root", course.root]


def test_without_the_extra_one_line_says_what_to_install(command, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("cluster", "worker"):
        monkeypatch.delitem(sys.modules, f"autograder.executors.{name}")
    said = refused(*command, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:8786")
    assert "distributed is missing; pip install 'gan-autograder[dask]', here and on the workers" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--executor", "ray"], "--executor: expected local or dask, got 'ray'"),
        (["--executor", "dask"], "expected --scheduler ADDRESS"),
        (["--scheduler", "tcp://127.0.0.1:8786"], "expected --executor dask beside it"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(command, options, words):
    assert words in refused(*command, *options)


@pytest.mark.parametrize("answers", [False, True], ids=["nobody listens", "nobody answers"])
def test_a_scheduler_that_does_not_answer_is_given_up_after_a_bounded_wait(command, monkeypatch, answers):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if not answers:
            server.close()
        said = refused(*command, "--executor", "dask", "--scheduler", f"tcp://127.0.0.1:{port}")
    assert f"--scheduler tcp://127.0.0.1:{port}: expected a Dask scheduler" in said


def test_an_address_that_is_none_is_refused(command):
    said = refused(*command, "--executor", "dask", "--scheduler", "nowhere")
    assert "--scheduler nowhere: expected a Dask scheduler" in said


def test_choosing_by_name_gives_the_two_executors():
    chosen = [choose_executor("local", "nested", 1, None), choose_executor("dask", "nested", 1, "tcp://host:8786")]
    assert [type(executor).__name__ for executor in chosen] == ["LocalExecutor", "ClusterExecutor"]


def test_a_worker_of_another_version_refuses_before_it_reads_the_order(monkeypatch):
    monkeypatch.setattr(worker, "get_worker", lambda: SimpleNamespace(address="tcp://far:1"))
    monkeypatch.setattr(worker, "GradingService", None)  # it gets nowhere near
    order = worker.Order({"autograder": "9.9"}, "nested", "salt", JOB, b"{}")
    reply = msgspec.msgpack.decode(worker.grade_order(order), type=Reply)
    assert reply.trouble == (
        f"worker tcp://far:1: expected gan-autograder 9.9, found {__version__}; install the same version there"
    )


def test_an_order_shows_neither_salt_nor_student_nor_notebook_in_a_log():
    shown = repr(worker.Order({}, "nested", "pepper", JOB, b"secret cell"))
    assert not any(word in shown for word in ("pepper", "amina", "secret cell"))


def test_the_edition_is_the_same_wherever_the_course_lies_and_differs_with_what_decides_a_grade(course, tmp_path):
    here = describe_edition(course.assignment("small"))
    shutil.copytree(course.root, tmp_path / "copy")
    moved = load_course(tmp_path / "copy").assignment("small")
    assert describe_edition(moved) == here
    assert tell_difference(here, describe_edition(moved), "small") == ""
    for place in (moved.suite / "test_double.py", moved.release / "small.ipynb"):
        original = place.read_bytes()
        place.write_bytes(original + b"\n")
        assert len(set(describe_edition(moved).items()) - set(here.items())) == 1
        place.write_bytes(original)
    other_limits = (tmp_path / "copy/assignments/small/assignment.toml").read_text().replace("512", "256")
    (tmp_path / "copy/assignments/small/assignment.toml").write_text(other_limits)
    assert describe_edition(load_course(tmp_path / "copy").assignment("small")) != here


def test_a_difference_names_what_was_expected_and_what_was_found():
    said = tell_difference({"torch": "2.14.1", "numpy": "2"}, {"torch": "2.9.1", "numpy": "2"}, "small")
    assert "expected torch 2.14.1, found 2.9.1" in said
    assert "numpy" not in said


def test_an_executor_that_cannot_reach_its_scheduler_leaves_the_output_folder_alone(command, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    with pytest.raises(GraderError):
        cluster.ClusterExecutor("nested", "tcp://127.0.0.1:1").prepare(None)
    refused(*command, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:1")
    assert not (tmp_path / "out").exists()


class Finalised:
    """What comes back from a cluster; somebody presses Ctrl-C, once, just when it is forgotten."""

    def __init__(self, key, pressed):
        self.key, self.pressed = key, pressed

    def add_done_callback(self, call):
        call(self)

    def result(self):
        return msgspec.msgpack.encode(Reply())

    def __del__(self):
        if not self.pressed:
            self.pressed.append(True)
            signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_python_drops_in_a_finaliser_ends_the_command_all_the_same(course, hand_in, monkeypatch):
    pressed = []
    client = SimpleNamespace(nthreads=lambda: {"tcp://far:1": 1}, submit=lambda *_, key, pure: Finalised(key, pressed))
    monkeypatch.setattr(cluster.ClusterExecutor, "_connect", lambda _: nullcontext(client))
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # that is where Python drops it
    for student in ("amina", "bruno", "clara"):
        folder = hand_in(student)
    jobs, outcomes = find_submissions([folder], course, None, None), []
    executor = cluster.ClusterExecutor("nested", "tcp://far:1")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            executor.grade(course.assignment("small"), jobs, outcomes.extend)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert pressed
    assert len(outcomes) < len(jobs)
