"""A class graded by a Dask cluster: the same records as here, whoever is killed meanwhile."""

import json
import os
import shutil
import signal

import psutil
import pytest

from autograder.batch import Settings, grade_class
from autograder.course import load_course
from autograder.errors import GraderError
from autograder.intake import find_submissions
from tests.clusters.conftest import SALT, STUDENTS, WRONG, grade_here, wait_until

EVERYONE = sorted([*STUDENTS, "irina", "jonas"])


@pytest.fixture(scope="session")
def known() -> dict[str, bytes]:
    """Filled by the first test that asks."""
    return {}


@pytest.fixture
def graded_here(known, mixed_class, course, tmp_path):
    """What this machine alone makes of the mixed class, under the same salt; graded once for all tests."""
    if not known:
        known |= grade_here(mixed_class, course, tmp_path / "here", SALT)
    return known


def test_a_worker_killed_in_the_middle_costs_nothing_and_all_is_as_if_graded_here(cluster, mixed_class, graded_here):
    workers = cluster.workers()
    with cluster.holding("hanna"):  # one at least is busy
        running = mixed_class.start(cluster.address)
        wait_until(lambda: mixed_class.records() and cluster.busy())
        address = cluster.busy()[0]
        family = workers[address].children(recursive=True)
        workers[address].kill()
    text, _ = running.communicate(timeout=600)
    assert running.returncode == 0, text
    assert mixed_class.records() == EVERYONE
    assert mixed_class.published() == graded_here
    assert text.count("10/10") >= 1
    lost = [event for _, event in cluster.client.get_events("all") if event.get("action") == "remove-worker"]
    assert any(event["worker"] == address and event["processing-tasks"] for event in lost)  # it had work to lose
    assert psutil.wait_procs(family, timeout=300)[1] == []  # its grading process and sandbox have gone with it
    said = cluster.log.read_text()
    assert SALT not in said
    assert not any(student in said for student in EVERYONE)
    assert cluster.tasks() == 0


def test_a_command_that_is_killed_or_interrupted_is_resumed_by_the_same_command(cluster, mixed_class, graded_here):
    cluster.workers()
    with cluster.holding("farid", "hanna"):
        stop_half_way(signal.SIGKILL, cluster, mixed_class)
    wait_until(cluster.idle)  # it does not take up a thread that farid needs
    with cluster.holding("hanna"):
        stop_half_way(signal.SIGINT, cluster, mixed_class)
    before = {path: path.stat().st_mtime_ns for path in mixed_class.out.glob("results/*/small.json")}
    running = mixed_class.start(cluster.address)
    text, _ = running.communicate(timeout=600)
    assert running.returncode == 0, text
    assert mixed_class.published() == graded_here
    graded = [path for path in before if json.loads(path.read_bytes())["status"] == "graded"]
    assert graded
    assert all(path.stat().st_mtime_ns == before[path] for path in graded)  # none was graded twice
    assert not list(mixed_class.out.rglob("*.part"))


def stop_half_way(kind, cluster, students):
    """Send the command a signal once it has a record more, while it waits for others; nothing of it stays behind."""
    done = len(students.records())
    running = students.start(cluster.address)
    wait_until(lambda: len(students.records()) > done and cluster.busy())
    running.send_signal(kind)
    text, _ = running.communicate(timeout=300)
    assert running.returncode not in (0, 1, 2), text
    assert "Traceback" not in text
    assert len(students.records()) < len(EVERYONE)
    assert processes_of_session(running.pid) == []
    wait_until(lambda: cluster.tasks() == 0)  # the scheduler has forgotten what nobody waits for


def processes_of_session(leader):
    """Processes of the session of that leader."""
    found = []
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == leader and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def test_a_submission_that_ends_every_worker_becomes_our_fault_alone(cluster, write_class):
    cluster.workers()
    students = write_class({"amina": {"double": WRONG}, "deadly": {}})
    running = students.start(cluster.address)
    text, _ = running.communicate(timeout=600)
    assert running.returncode == 1, text
    assert "nobody lost a point" in text
    found = {
        name: json.loads((students.out / f"results/{name}/small.json").read_bytes()) for name in students.records()
    }
    assert {name: (record["status"], record["score"]) for name, record in found.items()} == {
        "amina": ("graded", 2.0),
        "deadly": ("internal_error", None),
    }
    assert "no other beside it" in found["deadly"]["message"]


def test_hidden_inputs_are_those_of_the_salt(write_class, graded_here, course, tmp_path):
    students = write_class({"amina": {"double": WRONG}}, "unsalted")
    unsalted = grade_here(students, course, tmp_path / "unsalted-grades", "")
    assert unsalted["results/amina/small.json"] != graded_here["results/amina/small.json"]


def test_a_worker_with_another_suite_is_refused_and_named(cluster, write_class, course, tmp_path):
    shutil.copytree(course.root, tmp_path / "newer")
    suite = tmp_path / "newer/autograder/suites/small/test_halve.py"
    suite.write_text(suite.read_text() + "\n# mended\n")
    students = write_class({"amina": {}})
    newer = load_course(tmp_path / "newer")
    settings = Settings(students.out, executor="dask", scheduler=cluster.address)
    refusal = r"worker tcp://\S+: small: expected suite_sha256 [0-9a-f]{12}, found [0-9a-f]{12}: another edition"
    with pytest.raises(GraderError, match=refusal):
        grade_class(newer, find_submissions([students.submitted], newer, None, None), settings)
    assert students.records() == []
