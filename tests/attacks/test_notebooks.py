"""Hostile notebooks of the real course, graded as a class: each is graded, gains nothing, and spoils no other grade."""

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest

from autograder.course import Assignment, load_course
from autograder.intake import Job
from autograder.plugin import Suite, open_suite
from autograder.pool import Pool
from autograder.results import Grade
from autograder.sandbox import isolation
from autograder.submission import read_master
from tests.attacks.attack import PRELUDE
from tests.attacks.outside import MARK, left_behind, sandboxed

ROOT = Path(__file__).parents[2]
EXERCISE = "generator_loss"
HONEST = ("ada", "kim")
TOOLS = PRELUDE.replace("$walled", "True")


def function(*body: str) -> str:
    return f"{TOOLS}\ndef {EXERCISE}(*args, **kwargs):\n" + "".join(f"    {line}\n" for line in body)


# What stands in the exercise's cell: in the cell itself, or in the function that the hidden tests call.
HOSTILE = {
    "leaves in the cell": "import os\nos._exit(0)",
    "loops in the cell": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "kills in the cell": "import os\nos.kill(-1, 9)\nos.kill(os.getpid(), 9)",
    "patches torch in the cell": "import torch\ntorch.equal = torch.allclose = lambda *args, **kwargs: True\n"
    "torch.Tensor.__sub__ = lambda a, b: a * 0\n" + function("return torch.zeros(())"),
    "drops asserts in the cell": "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    "takes the worker's place in the cell": TOOLS + "\nsys.modules['worker.agent'].Notebook.answer = "
    "lambda *args: (sys.modules['worker.protocol'].Done('passed'), [])",
    "leaves": function("os._exit(0)"),
    "loops": function("while True:", "    try: burn(1)", "    except BaseException: pass"),
    "answers for itself": function("os.write(data_socket(), forged(asked(), 1.0) * 3)", "return args[0].mean()"),
    "fills memory": function("block = []", "while True: block.append(torch.ones(1 << 22))"),
    "raises what nobody catches": function("raise KeyboardInterrupt('x' * 10_000_000)"),
    "leaves files": function(
        "for _ in range(300):", "    os.mkdir('d' * 200)", "    os.chdir('d' * 200)", "os.chmod('.', 0)", "return None"
    ),
    "leaves a daemon": function("daemonize(lambda: time.sleep(600))", "return None"),
}


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """Vanilla GAN, with less patience for this exercise: the honest answer takes milliseconds."""
    found = load_course(ROOT).assignment("vanilla_gan")
    exercises = tuple(
        dataclasses.replace(exercise, cpu_seconds=0.5) if exercise.id == EXERCISE else exercise
        for exercise in found.exercises
    )
    return dataclasses.replace(found, exercises=exercises, limits=dataclasses.replace(found.limits, cell_seconds=1.0))


@pytest.fixture(scope="module")
def grades(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grade]:
    """A class of hostile and honest students, graded two at a time."""
    folder = tmp_path_factory.mktemp("submitted")
    solution = (assignment.source / "vanilla_gan.ipynb").read_bytes()
    jobs = []
    for student in (HONEST[0], *HOSTILE, *HONEST[1:]):
        notebook = json.loads(solution)
        for cell in notebook["cells"]:
            if cell["id"] == EXERCISE and student in HOSTILE:
                cell["source"] = HOSTILE[student]
        path = folder / f"{len(jobs)}.ipynb"
        path.write_text(json.dumps(notebook))
        jobs.append(Job(student, assignment.name, path))
    jobs.insert(len(jobs) // 2, jobs.pop())  # an honest one between them
    master = read_master(json.loads((assignment.release / "vanilla_gan.ipynb").read_bytes()))
    found: dict[str, Grade] = {}

    def grade(suite: Suite) -> None:
        found.update((outcome.grade.student, outcome.grade) for outcome in Pool(suite, master, "nested", 2).run(jobs))

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(isolation.ENVIRONMENT, *MARK)
        before = sandboxed()
        open_suite(assignment, "", grade)
    assert not left_behind(before)
    return found


@pytest.mark.parametrize("student", HOSTILE)
def test_hostile_notebook_is_graded_and_gains_nothing(student, grades, assignment):
    grade, honest = grades[student], grades[HONEST[0]]
    assert grade.status == "graded", grade.message
    scores = {exercise.id: exercise.score for exercise in grade.exercises}
    assert scores[EXERCISE] == 0
    assert grade.score <= honest.score - assignment.exercise(EXERCISE).points
    assert all(len(test.message) < 2000 for exercise in grade.exercises for test in exercise.tests)


def test_honest_neighbours_get_the_same_grade(grades, assignment):
    one, other = (without_times(grades[student]) for student in HONEST)
    assert grades[HONEST[0]].score == assignment.max_score
    assert other == one


def without_times(grade: Grade) -> object:
    def strip(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: strip(item) for key, item in value.items() if key not in ("seconds", "student", "notebook_sha256")
            }
        return [strip(item) for item in value] if isinstance(value, list | tuple) else value

    return strip(msgspec.to_builtins(grade))
