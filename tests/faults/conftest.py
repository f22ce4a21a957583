"""A small class in an nbgrader course, and what an undisturbed run makes of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests.faults.command import Ended, Running, published
from tests.grading.conftest import RIGHT, course, hand_in, small, write_notebook  # noqa: F401

STUDENTS = {
    "amina": {},
    "bruno": {"double": "def double(x):\n    return 2 * x + 1"},
    "clara": {"double": "import os\ndef double(x):\n    os._exit(3)"},
    "diego": {"halve": "def halve(x):\n    raise ValueError(object())"},
}
OVERRIDES = """\
[[override]]
student = "bruno"
assignment = "small"
exercise = "double"
score = 2.5
reason = "Explained it in the lab."
"""


class ClassFolder:
    """An nbgrader course in a folder: submitted/, the gradebook, and grades/ to write to."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.submitted, self.out, self.gradebook = folder / "submitted", folder / "grades", folder / "gradebook.db"
        self.log = folder / "log"

    def start(self, *arguments: object, plant: Callable[[], None] = lambda: None) -> Running:
        """Start the command that grades this class."""
        command = ["grade", self.submitted, "--out", self.out, "--root", self.root]
        return Running(self.log, *command, *arguments, plant=plant)

    def grade(self, *arguments: object, plant: Callable[[], None] = lambda: None) -> Ended:
        """Grade this class, and wait for the end."""
        ended = self.start(*arguments, plant=plant).end()
        assert not ended.left
        return ended

    def published(self) -> dict[str, object]:
        """All that was written, but for times."""
        return published(self.folder, self.out)


@pytest.fixture(scope="session")
def finished(course: Course, tmp_path_factory: pytest.TempPathFactory) -> ClassFolder:  # noqa: F811
    """The class, graded without any fault; tests work on copies."""
    graded = ClassFolder(tmp_path_factory.mktemp("finished"), course.root)
    released = (course.root / "release/small/small.ipynb").read_bytes()
    for student, cells in STUDENTS.items():
        write_submission(graded.submitted / student / "small", released, cells)
    (graded.folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "small"\n')
    graded.out.mkdir()
    (graded.out / "overrides.toml").write_text(OVERRIDES)
    ended = graded.grade()
    assert ended.code == 0, ended.text
    return graded


def write_submission(folder: Path, released: bytes, cells: dict[str, str]) -> None:
    """A submission that is right but for these cells, with a time of its own."""
    import json

    notebook = json.loads(released)
    for cell in notebook["cells"]:
        cell["source"] = {**RIGHT, **cells}.get(cell["id"], cell["source"])
    folder.mkdir(parents=True)
    (folder / "small.ipynb").write_bytes(json.dumps(notebook).encode())
    os.utime(folder / "small.ipynb", (1_700_000_000, 1_700_000_000))


@pytest.fixture
def graded(finished: ClassFolder, tmp_path: Path) -> ClassFolder:
    """A copy of the graded class: a run has nothing to grade, and only writes what follows from the records."""
    return copy_class(finished, tmp_path / "class")


@pytest.fixture
def ungraded(graded: ClassFolder) -> ClassFolder:
    """A copy of the class before it was graded: submissions and overrides."""
    forget(graded, "results", "feedback")
    return graded


def copy_class(original: ClassFolder, folder: Path) -> ClassFolder:
    """The same class in another folder."""
    shutil.copytree(original.folder, folder)
    return ClassFolder(folder, original.root)


def forget(graded: ClassFolder, *names: str) -> None:
    """Delete what was written to the gradebook and to grades/, of the folders there only those named."""
    graded.gradebook.unlink(missing_ok=True)
    shutil.rmtree(graded.folder / "autograded", ignore_errors=True)
    for name in names:
        shutil.rmtree(graded.out / name)
    for table in ("class.csv", "class.json"):
        (graded.out / table).unlink(missing_ok=True)
