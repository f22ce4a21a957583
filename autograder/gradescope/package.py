"""The autograder zip: two scripts, pinned requirements, and as much of the course as one assignment's grading takes.

The same course gives the same bytes. Left out are solutions, mutants, variants and all other assignments; the hidden
tests and the salt are in it: it is a secret, for Gradescope only.
"""

import io
import re
import zipfile
from pathlib import Path

import msgspec

from autograder import __version__
from autograder.course import LARGEST, Assignment, Course
from autograder.errors import AuthorError, GraderError
from autograder.gradescope.layout import COURSE, DEFAULT_MINUTES, SETTINGS, Settings
from autograder.grading import SALT_FILE, read_salt
from autograder.results import write_whole

CODE = Path(__file__).parents[1]
CONTAINER = Path(__file__).parent / "container"
CONSTRAINTS = Path(".ci", "constraints.txt")
# torch and torchvision come from an index of their own, in builds without CUDA: a tenth of the size, half the memory.
TORCH_PACKAGES = ("torch", "torchvision")
# What the grader imports there, and what notebooks do.
PACKAGES = (
    *("msgspec", "pytest", "pyseccomp", "numpy", "tqdm", "rich"),
    *("ipython", "matplotlib", "pillow", "ipywidgets", "ipycanvas"),
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip's first moment
EXECUTABLE, READABLE = 0o100755, 0o100644
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "suites"}


def write_package(course: Course, assignment: Assignment, out: Path, minutes: float = DEFAULT_MINUTES) -> list[str]:
    """Write the autograder zip of an assignment; returns what the instructor should know, a line each.

    AuthorError or GraderError if something that belongs into it is missing.
    """
    if not 2 <= minutes <= LARGEST:
        raise GraderError(f"--minutes: expected Gradescope's time-out, 2 at least, got {minutes:g}")
    files = collect_files(course, assignment, minutes)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, EPOCH)
            member.create_system = 3  # Unix: the mode counts
            member.external_attr = (EXECUTABLE if name in ("setup.sh", "run_autograder") else READABLE) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    write_whole(out, packed.getvalue())
    notes = [f"wrote {out}: keep it to yourself, the hidden tests are in it"]
    notes.append(f"on Gradescope: {assignment.max_score:g} autograder points, time-out of {minutes:g} minutes")
    hidden = [exercise.id for exercise in assignment.graded if exercise.visibility != "visible"]
    if hidden:
        notes.append(f"students see no total while one of these is hidden from them: {', '.join(hidden)}")
    return notes


def collect_files(course: Course, assignment: Assignment, minutes: float) -> dict[str, bytes]:
    """What goes into the zip: path in it → content."""
    description = assignment.text.with_name("assignment.toml")
    if not (assignment.release / f"{assignment.name}.ipynb").is_file():
        raise AuthorError(
            f"{assignment.release}: expected the released notebook, found none; run autograder build {assignment.name}"
        )
    if not any(assignment.suite.glob("test_*.py")):
        raise AuthorError(f"{assignment.suite}: expected hidden tests, found none; a zip could not grade without them")
    place = Path(COURSE)
    settings = Settings(assignment.name, minutes, __version__)
    files = {
        "requirements.txt": pin_packages(course.root / CONSTRAINTS, PACKAGES),
        "requirements-torch.txt": pin_packages(course.root / CONSTRAINTS, TORCH_PACKAGES),
        "constraints.txt": (course.root / CONSTRAINTS).read_bytes(),
        f"{COURSE}/{SETTINGS}": msgspec.json.format(msgspec.json.encode(settings)) + b"\n",
        f"{COURSE}/pyproject.toml": b"[tool.autograder]\n",
        f"{COURSE}/{description.relative_to(course.root).as_posix()}": description.read_bytes(),
        **{script.name: script.read_bytes() for script in CONTAINER.iterdir() if script.is_file()},
        **_read_tree(CODE, place / "autograder", "*.py"),
        **_read_tree(assignment.release, place / "release" / assignment.name, "*"),
    }
    for folder in (assignment.suite.parent, assignment.suite):
        for path in folder.glob("*.py"):
            files[(place / path.relative_to(course.root)).as_posix()] = path.read_bytes()
    salt = read_salt(course.root)
    if salt:
        files[f"{COURSE}/{SALT_FILE}"] = salt.encode()
    return files


def pin_packages(constraints: Path, names: tuple[str, ...]) -> bytes:
    """The lines of a constraints file that pin these packages; AuthorError if one is not pinned."""
    try:
        lines = constraints.read_text().splitlines()
    except OSError as error:
        raise AuthorError(
            f"{constraints}: expected the versions that the course is tested with, got {error.strerror}"
        ) from None
    pins = {name: [line for line in lines if re.match(rf"(?i){re.escape(name)}==", line)] for name in names}
    missing = [name for name, found in pins.items() if not found]
    if missing:
        raise AuthorError(f"{constraints}: expected a version (==) of {', '.join(missing)}, found none; add it")
    return "".join(f"{line}\n" for found in pins.values() for line in found).encode()


def _read_tree(folder: Path, place: Path, pattern: str) -> dict[str, bytes]:
    files = {}
    for path in folder.rglob(pattern):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part in _LEFT_OUT or part.startswith(".") for part in parts):
            files[place.joinpath(*parts).as_posix()] = path.read_bytes()
    return files
