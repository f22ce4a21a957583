"""The same submission gets the same record, byte for byte but for times, whoever grades it, when, and beside whom.

Left out of the comparison: `seconds` of the submission and of each test, and the student's name.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.command import Ended, Running

ROOT = Path(__file__).parents[2]
WORKERS = (1, 4)
COPIES = 10  # on each number of workers: each submission is graded 20 times
REAL_COPIES = int(os.environ.get("AUTOGRADER_TEST_COPIES", "2"))  # of the real assignments, which cost more

# Right, partly right, wrong, crashing; and one that tells all that could differ from process to process.
SMALL: dict[str, dict[str, str]] = {
    "right": {},
    "partial": {"double": "def double(x):\n    return 2 * x + 1"},
    "wrong": {"double": "def double(x):\n    return x * x", "halve": "1 / 0"},
    "crashing": {"double": "import os\ndef double(x):\n    os._exit(3)"},
    "restless": {
        "double": """\
import os, random, tempfile, threading
import numpy as np
class Thing: pass
def double(x):
    if x.requires_grad:
        raise ValueError([os.getpid(), os.getcwd(), tempfile.gettempdir(), threading.current_thread(), hash("text")])
    raise ValueError([Thing(), double, Thing().__init__, hex(id(x)), torch.randperm(5), len(os.environ)])
""",
        "halve": """\
DRAWN = [random.random(), np.random.rand(), torch.rand(()), torch.randperm(5)]
def halve(x):
    words = {chr(n) * 2 for n in range(65, 75)}
    raise ValueError([object(), words, DRAWN, random.random(), np.random.rand(), torch.rand(2)])
""",
    },
}
REAL = (("amina", "data_loading"), ("diego", "data_loading"), ("farid", "vanilla_gan"), ("ines", "vanilla_gan"))


def grade_copies(folder: Path, root: Path, workers: int) -> Path:
    """Grade what lies in `folder`/submitted; the folder with what came of it."""
    out = folder / f"grades-{workers}"
    command = ["grade", folder / "submitted", "--out", out, "--root", root, "--workers", workers]
    ended: Ended = Running(folder / "log", *command).end()
    assert ended.code == 0, ended.text
    return out


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in ("seconds", "student")}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def different_records(outs: list[Path]) -> dict[tuple[str, str], set[str]]:
    """The records of each submission, over all of its copies; one, if grading is deterministic."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in (path for out in outs for path in out.glob("results/*/*.json")):
        key = (path.parent.name.rpartition("-")[0], path.stem)
        found.setdefault(key, set()).add(json.dumps(without_times(json.loads(path.read_bytes()))))
    return found


@pytest.fixture(scope="module")
def small_copies(course, tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("small")
    released = json.loads((course.root / "release/small/small.ipynb").read_bytes())
    right = {"double": "def double(x):\n    return 2 * x", "halve": "def halve(x):\n    return x / 2"}
    for name, cells in SMALL.items():
        for copy in range(COPIES):
            notebook = json.loads(json.dumps(released))
            for cell in notebook["cells"]:
                cell["source"] = {**right, **cells}.get(cell["id"], cell["source"])
            place = folder / "submitted" / f"{name}-{copy}" / "small" / "small.ipynb"
            place.parent.mkdir(parents=True)
            place.write_text(json.dumps(notebook))
            os.utime(place, (1_700_000_000, 1_700_000_000))
    return [grade_copies(folder, course.root, workers) for workers in WORKERS]


@pytest.fixture(scope="module")
def real_copies(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("real")
    for student, assignment in REAL:
        for copy in range(REAL_COPIES):
            place = folder / "submitted" / f"{student}-{copy}" / assignment
            shutil.copytree(ROOT / "examples/submitted" / student / assignment, place)
    return [grade_copies(folder, ROOT, workers) for workers in WORKERS]


def test_small_submissions_get_one_record_in_twenty_gradings(small_copies):
    found = different_records(small_copies)
    assert {name for name, _ in found} == SMALL.keys()
    assert {key: sorted(records) for key, records in found.items() if len(records) > 1} == {}


def test_submissions_of_two_assignments_get_one_record_each(real_copies):
    found = different_records(real_copies)
    assert {key: sorted(records) for key, records in found.items() if len(records) > 1} == {}
    graded = {key for key, (record,) in found.items() if json.loads(record)["status"] == "graded"}
    assert graded == set(REAL)


@pytest.mark.parametrize("copies", ["small_copies", "real_copies"])
@pytest.mark.parametrize("pattern", ["class.csv", "class.json", "feedback/*/*.html"])
def test_one_and_four_workers_write_the_same_tables_and_pages(copies, pattern, request: pytest.FixtureRequest):
    read: Callable[[Path], dict[str, bytes]] = lambda out: {  # noqa: E731
        str(path.relative_to(out)): path.read_bytes() for path in out.glob(pattern)
    }
    alone, together = map(read, request.getfixturevalue(copies))
    assert alone
    assert alone == together


def test_addresses_are_left_out_of_what_students_read(small_copies):
    for path in small_copies[0].glob("results/restless-*/small.json"):
        text = path.read_text()
        assert "0x…" in text
        assert "at 0x7" not in text
