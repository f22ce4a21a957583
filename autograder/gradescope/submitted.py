"""Which of the files that a student uploaded is the notebook: all in Gradescope's `submission/` is one student's.

There may be several files, folders, a zip, a notebook of another name, a PDF, or nothing.
"""

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.course import Course
from autograder.errors import GraderError, SubmissionError
from autograder.intake import MAX_OTHERS, Job, find_submissions, name_file, read_start

STUDENT = "submission"  # Gradescope knows whose it is
MOST_ZIPS, MOST_FILES = 20, 5_000
METADATA_BYTES = 10 << 20


def find_notebook(folder: Path, course: Course, assignment: str, submitted_at: str = "") -> Job:
    """The best candidate below a folder: a notebook before other files, by its name, else the newest."""
    found: list[Job] = []
    notes: list[str] = []
    for place in (folder, *_find_zips(folder)):
        try:
            found += find_submissions([place], course, assignment, None)
        except GraderError as error:  # nothing there that may be a notebook; or no zip, whatever its name says
            notes += [f"file: {place.name}: not read ({str(error).partition(': ')[2]})"] if place != folder else []
    there = [job for job in found if job.found]
    files = [job for job in there if not name_file(job).lower().endswith(".zip")]  # of zips, the members are looked at
    candidates = files or there
    if not candidates:
        return Job(STUDENT, assignment, folder, submitted_at=submitted_at, notes=tuple(notes), found=False)
    best, *others = sorted(candidates, key=lambda job: _rank(job, assignment))
    if others:
        notes.append(f"file: {name_file(best)} taken, of {len(candidates)} that may be the notebook")
    kept = tuple(note for note in best.notes if not others or " taken, of " not in note)
    return replace(
        best,
        student=STUDENT,
        submitted_at=submitted_at or best.submitted_at,
        notes=(*dict.fromkeys((*kept, *notes)),),
        others=tuple(
            replace(other, submitted_at=submitted_at or other.submitted_at, others=())
            for other in (*best.others, *others)[:MAX_OTHERS]
        ),
    )


def read_submission_time(metadata: Path) -> str:
    """When Gradescope says that it was handed in, in ISO format; "" if it does not say."""
    try:
        created = msgspec.json.decode(read_start(metadata, METADATA_BYTES)).get("created_at", "")
        moment = datetime.fromisoformat(created)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else ""
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, SubmissionError):
        return ""


def _rank(job: Job, assignment: str) -> tuple[bool, bool, bool, bool, float, str]:
    name = name_file(job)
    try:
        modified = job.path.lstat().st_mtime
    except OSError:
        modified = 0.0
    is_notebook = name.lower().endswith(".ipynb")
    return (
        bool(job.trouble),
        not is_notebook,
        name != f"{assignment}.ipynb",
        assignment not in name.lower().replace(" ", "_").replace("-", "_"),
        -modified,
        name,
    )


def _find_zips(folder: Path) -> list[Path]:
    zips: list[Path] = []
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        seen += len(names)
        for name in sorted(names):
            path = Path(place, name)
            if name.lower().endswith(".zip") and stat.S_ISREG(path.lstat().st_mode):
                zips.append(path)
        if seen > MOST_FILES or len(zips) >= MOST_ZIPS:
            break
    return zips[:MOST_ZIPS]
