"""The zip alone, in a container as Gradescope's: set up without network, then submissions of every kind."""

import json
import tomllib
from pathlib import Path

import msgspec
import pytest

from tests.gradescope.conftest import HIDDEN, NAME, ROOT
from tests.gradescope.container import MEMORY_MB
from tests.gradescope.test_contract import Contract

SUITE = f"/autograder/source/course/autograder/suites/{NAME}"
# Written over an exercise's solution: tries, then tells what came of it the only way that is left, in its own feedback.
HOSTILE = f"""\
import os
tried = []
def attempt(name, act):
    try:
        tried.append(f"{{name}}: {{act()!r:.30}}")
    except BaseException as error:
        tried.append(f"{{name}}: {{type(error).__name__}}")
def write(path):
    with open(path, "w") as file:
        return file.write('{{"score": 1000}}')
attempt("read a test", lambda: open("{SUITE}/test_generator.py").read())
attempt("list the suite", lambda: os.listdir("{SUITE}"))
attempt("read settings", lambda: open("/autograder/source/course/settings.json").read())
attempt("read who else", lambda: open("/autograder/submission_metadata.json").read())
attempt("write results", lambda: write("/autograder/results/results.json"))
attempt("add results", lambda: write("/autograder/results/more.json"))
attempt("rename results", lambda: os.rename("/autograder/results/results.json", "/autograder/results/x"))
attempt("change the grader", lambda: write("/autograder/run_autograder"))
attempt("kill the grader", lambda: os.kill(1, 9))
def sample_noise(*args, **kwargs):
    raise ValueError("; ".join(tried))
"""
ATTEMPTS = 9


def handed_in(student: str) -> bytes:
    return (ROOT / "examples/submitted" / student / NAME / f"{NAME}.ipynb").read_bytes()


def check_contract(results) -> Contract:
    """The file, read as strictly as the contract is written."""
    return msgspec.json.decode(msgspec.json.encode(results), type=Contract)


def find_case(results: Contract, exercise: str):
    return next(test for test in results.tests if exercise in test.tags)


@pytest.fixture(scope="module")
def right(container):
    """Two notebooks and other files, in a folder; the right one is that with the assignment's name."""
    files = {f"work/{NAME}.ipynb": handed_in("amina"), "work/scratch.ipynb": b"{}", "work/report.pdf": b"%PDF-1.7"}
    return container.run(files, json.dumps({"created_at": "2026-03-01T12:00:00.000000+01:00"}).encode())


def test_right_submission_gets_every_point(right):
    results = check_contract(right.results)
    assert (right.code, results.score, results.extra_data["status"]) == (0, 96.0, "graded"), right.stdout
    assert {test.status for test in results.tests} == {"passed", None}
    assert results.extra_data["submitted_at"] == "2026-03-01T11:00:00+00:00"


def test_strongest_level_of_the_container_is_found_and_told(right):
    assert right.results["extra_data"]["isolation"] == "landlock"
    assert "Isolation: landlock (no namespaces" in right.results["output"]


def test_exercise_is_hidden_where_its_description_says(right):
    shown = {test.tags[0]: test.visibility for test in check_contract(right.results).tests}
    assert shown.pop(HIDDEN) == "hidden"
    assert set(shown.values()) == {"visible"}


def test_written_question_is_not_scored(right):
    question = find_case(check_contract(right.results), "comparison")
    assert (question.score, question.max_score, question.status) == (None, None, None)
    assert "A person will read and grade" in question.output


def test_grading_fits_into_gradescopes_memory(right):
    if not right.peak_mb:
        pytest.skip("this machine lets us make no control group, so memory was not bounded")
    assert right.results["score"] == 96.0
    assert 100 < right.peak_mb <= MEMORY_MB


def test_wrong_submission_gets_partial_credit_and_hints(container):
    done = container.run({"upload/my homework.ipynb": handed_in("diego")})
    results = check_contract(done.results)
    assert done.code == 0, done.stdout
    expected = tomllib.loads((ROOT / "examples/expected.toml").read_text())[NAME]["diego"]
    assert results.score == sum(test.score or 0.0 for test in results.tests) == expected["score"]
    assert {test.tags[0] for test in results.tests if test.status == "failed"} == set(expected["lost"])
    for exercise, hint in expected["says"].items():
        assert hint in find_case(results, exercise).output


def test_hostile_submission_reads_no_test_and_writes_no_result(container):
    notebook = json.loads(handed_in("amina"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "sample_noise")
    cell["source"] = HOSTILE
    done = container.run({f"{NAME}.ipynb": json.dumps(notebook).encode()})
    results = check_contract(done.results)
    told = find_case(results, "sample_noise")
    assert (done.code, told.score) == (0, 0.0), done.stdout
    assert told.output.count("PermissionError") == ATTEMPTS, told.output
    assert results.score < 96
    assert [path.name for path in (container.home / "results").iterdir()] == ["results.json"]
    # The same, asked by the container's root: there is something to read, and it is no lack of the paths.
    control = container.start(["head", "-c", "1", f"{SUITE}/test_generator.py", "/autograder/submission_metadata.json"])
    assert control.returncode == 0


def test_upload_without_a_notebook_gets_zero_and_is_told_why(container):
    done = container.run({"report.pdf": b"%PDF-1.7"})
    results = check_contract(done.results)
    assert (done.code, results.score, results.extra_data["status"]) == (0, 0.0, "missing"), done.stdout
    assert f"Submit {NAME}.ipynb itself" in results.output


def test_container_with_namespaces_gives_a_stronger_level(container):
    ask = "from autograder.gradescope.grader import choose_level; print(choose_level())"
    path = {"PYTHONPATH": "/autograder/source/course", "OMP_NUM_THREADS": "1"}
    done = container.start(["/opt/autograder/bin/python", "-P", "-c", ask], environment=path, privileged=True)
    assert done.stdout.split()[-1:] == ["nested"], done.stdout


def test_hidden_tests_are_closed_to_every_other_user(container):
    source = container.home / "source"
    closed = [path for path in (source / "course/autograder/suites").rglob("*") if path.stat().st_mode & 0o077]
    assert not closed
    assert Path(source / "course/release" / NAME / f"{NAME}.ipynb").stat().st_mode & 0o044 == 0o044
