"""A Dask cluster as a user starts one, a class for it, and what this machine alone makes of that class."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
from distributed import Client

from autograder.batch import Settings, grade_class
from autograder.course import Course
from autograder.intake import find_submissions
from autograder.sandbox.worker.limits import die_with_parent
from tests.clusters import traps
from tests.faults.conftest import write_submission
from tests.grading.conftest import course, hand_in, small, write_notebook  # noqa: F401

WORKERS = 4
SALT = "pepper of the tests"
SLOW = "import time\ntime.sleep(1)\ndef double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return 2.5 * x"  # its message tells numbers that the hidden input decides
STUDENTS = {
    "amina": {"double": WRONG},
    "bruno": {"double": SLOW},
    "clara": {"double": "import os\ndef double(x):\n    os._exit(3)"},
    "diego": {"double": SLOW},
    "elena": {"double": SLOW, "halve": "def halve(x):\n    raise ValueError(object())"},
    "farid": {"double": SLOW},
    "grace": {"double": WRONG, "reason": "Because Ωmega."},
    "hanna": {"double": SLOW},
}


class Cluster:
    """A scheduler and its workers: processes of Dask's own command, in the folder of the course."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.log, self._place, self._held = folder / "log", folder / "scheduler.json", folder / "held"
        self._held.mkdir()
        self._environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder), traps.HELD: str(self._held)}
        self._environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "1"
        self._environment.pop("AUTOGRADER_SALT", None)
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_until(lambda: self._place.exists() and self._place.read_bytes().endswith(b"}"))
        self.address = json.loads(self._place.read_text())["address"]
        preload = str(Path(__file__).parent / "traps.py")
        options = ["--nworkers", str(WORKERS), "--nthreads", "1", "--no-dashboard", "--preload", preload]
        self._nannies = self._start("worker", *options, cwd=root)
        self.client = Client(self.address, set_as_default=False)

    def _start(self, part: str, *options: str, cwd: Path | None = None) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [Path(sys.executable).parent / "dask", part, "--scheduler-file", self._place, *options],
                cwd=cwd or self._place.parent,
                env=self._environment,
                stdout=log,
                stderr=log,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )

    def workers(self) -> dict[str, psutil.Process]:
        """The worker processes by address, once all are there."""
        self.client.wait_for_workers(WORKERS, timeout=300)
        return {address: psutil.Process(pid) for address, pid in self.client.run(os.getpid).items()}

    def busy(self) -> list[str]:
        """Addresses of workers that have submissions to grade."""
        return [address for address, keys in self.client.processing().items() if keys]

    def tasks(self) -> int:
        """How many tasks the scheduler knows of."""
        return self.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))

    def idle(self) -> bool:
        """Whether no thread of a worker has anything to do, not even what nobody waits for any more."""
        running = self.client.run(lambda dask_worker: len(dask_worker.state.all_running_tasks))
        return not any(running.values()) and self.tasks() == 0

    @contextmanager
    def holding(self, *students: str) -> Iterator[None]:
        """Meanwhile the submissions of these students are not graded."""
        with ExitStack() as stack:
            for student in students:
                stack.enter_context(traps.lock_of(self._held, student))
            yield

    def end(self) -> list[psutil.Process]:
        """End the workers, then the scheduler, as a user does; whoever of theirs is still there after that."""
        family = psutil.Process(self._nannies.pid).children(recursive=True)
        self._nannies.send_signal(signal.SIGINT)
        self._nannies.wait(60)
        self.client.close()
        self._scheduler.terminate()
        self._scheduler.wait(60)
        return psutil.wait_procs(family, timeout=300)[1]


class ClassOfStudents:
    """Submissions in a folder, and the command that has them graded by a cluster, with a salt of its own."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.submitted, self.out, self.root = folder / "submitted", folder / "grades", root

    def start(self, address: str) -> "subprocess.Popen[str]":
        """Start the command, in a session of its own."""
        options = ["--out", self.out, "--root", self.root, "--executor", "dask", "--scheduler", address]
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", self.submitted, *options],
            env={**os.environ, "AUTOGRADER_SALT": SALT},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
        )

    def records(self) -> list[str]:
        """Whose record is there."""
        return sorted(path.parent.name for path in self.out.glob("results/*/small.json"))

    def published(self) -> dict[str, bytes]:
        """All that was written, byte by byte, but for the seconds in records."""
        files = [path for path in sorted(self.out.rglob("*")) if path.is_file() and path.name != ".lock"]
        return {
            str(path.relative_to(self.out)): re.sub(rb'("seconds": ?)[-+.e0-9]+', rb"\1-", path.read_bytes())
            for path in files
        }


@pytest.fixture(scope="session")
def cluster(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:  # noqa: F811
    """Four workers; when the tests are done, none of their processes may be left."""
    running = Cluster(tmp_path_factory.mktemp("cluster"), course.root)
    yield running
    assert running.end() == []


@pytest.fixture
def write_class(course: Course, tmp_path: Path) -> Callable[..., ClassOfStudents]:  # noqa: F811
    """write_class({"ada": {"double": "…"}}): a class of these students, right but for these cells."""
    released = (course.root / "release/small/small.ipynb").read_bytes()

    def write(students: dict[str, dict[str, str]], name: str = "class") -> ClassOfStudents:
        for student, cells in students.items():
            write_submission(tmp_path / name / "submitted" / student / "small", released, cells)
        return ClassOfStudents(tmp_path / name, course.root)

    return write


@pytest.fixture
def mixed_class(write_class: Callable[..., ClassOfStudents]) -> ClassOfStudents:
    """Right, wrong, crashing, slow, missing and unreadable."""
    students = write_class(STUDENTS)
    (students.submitted / "irina" / "small").mkdir(parents=True)
    (students.submitted / "jonas" / "small").mkdir(parents=True)
    picture = students.submitted / "jonas" / "small" / "small.ipynb"
    picture.write_bytes(b"\x89PNG\r\n")
    os.utime(picture, (1_700_000_000, 1_700_000_000))
    return students


def grade_here(students: ClassOfStudents, course: Course, out: Path, salt: str) -> dict[str, bytes]:  # noqa: F811
    """What the local executor makes of a class."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SALT", salt)
        for name in [name for name in sys.modules if name.startswith("autograder.suites.small")]:
            patch.delitem(sys.modules, name)  # a suite of the same name that another test has imported
        grade_class(course, find_submissions([students.submitted], course, None, None), Settings(out, workers=1))
    graded = ClassOfStudents(students.submitted.parent, students.root)
    graded.out = out
    return graded.published()


def wait_until(condition: Callable[[], object], seconds: float = 600.0) -> None:
    """Wait until something holds; fail if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)
