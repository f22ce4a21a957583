"""The paths of the command line become jobs: whose notebook, of which assignment, lies where.

Read are a notebook, a student's folder, a folder of notebooks or of students' folders, nbgrader's `submitted/` tree,
and zips as Canvas and Moodle export them. All of it was named and packed by strangers: symbolic links are reported and
not followed, only regular files are opened, nothing is unpacked to disk, and no name leads out of a results folder.
"""

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.course import Course
from autograder.errors import GraderError, SubmissionError
from autograder.submission import MAX_BYTES

MAX_DEPTH = 5
MAX_ENTRIES = 2_000  # in one student's folder
MAX_MEMBERS = 100_000  # in one zip
MAX_OTHERS = 4  # files of one student that are looked into where the likeliest holds no answers
MAX_NAME_BYTES = 100  # of a student's name; file systems allow 255 for a name with its ending

_CANVAS = re.compile(r"(?P<student>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.S)
_MOODLE = re.compile(r"(?P<student>.+)_(?P<id>\d+)_assignsubmission_\w*+", re.S)
_ENDINGS = re.compile(r"(?:\.(?:ipynb|txt|json|py|html?|pdf|zip))++$", re.I)
_COPY_BEFORE = re.compile(r"^(?:copy of |kopie von |copia de |copie de )++", re.I)
_COPY_BEHIND = re.compile(r"(?:[ _-]*+(?:\(\d++\)|copy ?\d*+|v?\d++|final|old|new|backup|draft|fixed))++$", re.I)
_WRAPPERS = {"submitted", "submissions"}
_IGNORED = {"__MACOSX", "__pycache__"}


@dataclass(frozen=True)
class Job:
    """One submission to grade. `path` is the notebook, the zip it is a member of, or a folder that has none.

    `found` is False for a folder without a notebook; `trouble` says why a notebook that was found cannot be read;
    `others` are further files that may be the notebook, the likeliest first.
    """

    student: str
    assignment: str
    path: Path
    member: str = ""
    submitted_at: str = ""
    notes: tuple[str, ...] = ()
    found: bool = True
    trouble: str = ""
    others: tuple["Job", ...] = ()


@dataclass(frozen=True)
class _Entry:
    """A file or folder below a path: its names from there on, where it lies, and why it cannot be read."""

    parts: tuple[str, ...]
    path: Path
    folder: bool = False
    member: str = ""
    modified: float = 0.0
    trouble: str = ""


@dataclass(frozen=True)
class _Candidate:
    """A file that may be a student's submission of an assignment; the lowest rank is taken, then the newest."""

    student: str
    number: str  # the student's in Canvas or Moodle, to tell namesakes apart
    assignment: str
    rank: int
    entry: _Entry


def find_submissions(paths: Sequence[Path], course: Course, assignment: str | None, student: str | None) -> list[Job]:
    """All submissions below the paths, by assignment and student; folders of students without a notebook included.

    GraderError if a path is not there or not readable, or where it is not clear which assignment or student is meant.
    """
    wanted = course.assignment(assignment).name if assignment else None
    known = [each.name for each in course.assignments]
    candidates: list[_Candidate] = []
    folders: dict[tuple[str, str], _Entry] = {}
    for path in dict.fromkeys(path.resolve() for path in paths):
        found, students = _look_through(path, known, wanted)
        candidates += found
        folders |= students
    expected = [wanted] if wanted else [name for name in known if any(c.assignment == name for c in candidates)]
    if not candidates and not (folders and expected):
        places = ", ".join(map(str, paths))
        raise GraderError(
            f"{places}: expected notebooks of {', '.join(known)}, found none; name the assignment by --assignment"
        )
    groups: dict[tuple[str, str, str], list[_Candidate]] = {}
    for candidate in candidates:
        groups.setdefault((candidate.student, candidate.number, candidate.assignment), []).append(candidate)
    owners = dict.fromkeys([*((c.student, c.number) for c in candidates), *folders])
    if student is not None and len(owners) > 1:
        raise GraderError(
            f"--student {student}: expected the work of one student, found {len(owners)}; leave --student out"
        )
    names = _name_students(list(owners)) if student is None else {owner: clean_name(student) for owner in owners}
    jobs = [_choose(names[group[:2]], group[2], members) for group, members in groups.items()]
    for owner, folder in folders.items():
        absent = [name for name in expected if (*owner, name) not in groups]
        there = bool(folder.trouble)
        jobs += [Job(names[owner], name, folder.path, found=there, trouble=folder.trouble) for name in absent]
    return sorted(jobs, key=lambda job: (known.index(job.assignment), job.student))


def read_job(job: Job) -> bytes | None:
    """The bytes that were handed in, None if nothing was; SubmissionError if they cannot be read."""
    if not job.found:
        return None
    place = _printable(job.member or job.path.name)
    if job.trouble:
        raise SubmissionError(f"{place}: {job.trouble}")
    try:
        data = _read_member(job.path, job.member) if job.member else read_start(job.path)
    except Exception as error:  # a forged archive may bring about any of zipfile's, zlib's and lzma's
        said = _printable(str(error.strerror if isinstance(error, OSError) and error.strerror else error))
        raise SubmissionError(f"{place}: expected a file that can be read, got: {said}; hand it in again") from None
    if len(data) > MAX_BYTES:
        limit = f"at most {MAX_BYTES >> 20} MB"
        raise SubmissionError(f"{place}: expected {limit}, got more; clear all outputs, save and hand in again")
    return data


def clean_name(name: str) -> str:
    """A student's name that is safe as a file's: no separators, control characters, leading dots; not long."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" and c not in '/\\:*?"<>|' else "_" for c in name)
    kept = unicodedata.normalize("NFC", kept).strip().strip(".").strip()
    return kept.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip() or "student"


def _look_through(
    path: Path, known: list[str], wanted: str | None
) -> tuple[list[_Candidate], dict[tuple[str, str], _Entry]]:
    """Candidates below one path, and the students' folders there."""
    try:
        kind = path.stat()
    except OSError as error:
        raise GraderError(
            f"{path}: expected a notebook, a folder or a zip, got: {error.strerror}; check the path"
        ) from None
    if (path / "submitted").is_dir():  # an nbgrader course
        return _look_through(path / "submitted", known, wanted)
    archive = stat.S_ISREG(kind.st_mode) and path.suffix.lower() == ".zip"
    if archive:
        entries, home = list(_list_zip(path)), path.with_suffix("")
    elif stat.S_ISDIR(kind.st_mode):
        entries, home = list(_walk(path)), path
    elif stat.S_ISREG(kind.st_mode):
        entries, home = [_Entry((path.name,), path, modified=kind.st_mtime)], path.parent
    else:
        raise GraderError(f"{path}: expected a notebook, a folder or a zip, got a device or a pipe; check the path")
    while entries and all(e.parts[0] in _WRAPPERS for e in entries):
        entries = [replace(e, parts=e.parts[1:]) for e in entries if len(e.parts) > 1]
    default = wanted or (home.name if home.name in known else None)
    owner = home.parent.name if home.name in known else home.name
    single = stat.S_ISREG(kind.st_mode) and not archive
    found = [c for e in entries if not e.folder for c in [_judge(e, known, default, owner)] if c]
    own = [c for c in found if len(c.entry.parts) == 1 and not c.number and c.rank < 2]
    if own:  # a student's own folder: notebooks of other names that lie in it are not another student's
        found = [c for c in found if len(c.entry.parts) > 1 or c.rank != 3]
    if wanted:
        found = [candidate for candidate in found if candidate.assignment == wanted]
    students = {} if own or single else _student_folders(entries, known, owner)
    if not found and not students and not single and not archive:
        students = {(owner, ""): _Entry((), path, folder=True)}
    return found, students


def _judge(entry: _Entry, known: list[str], default: str | None, owner: str) -> _Candidate | None:
    """Whose submission of what a file may be; None if it is none (data, hidden files, pictures)."""
    *folders, name = entry.parts
    student, number = owner, ""
    for folder in folders:
        moodle = _MOODLE.fullmatch(folder)
        if moodle:
            student, number = moodle["student"], moodle["id"]
    canvas = _CANVAS.fullmatch(name)
    if canvas and not number:
        student, number, name = canvas["student"], canvas["id"], canvas["file"]
    slug = _slug(name)
    within = next((folder for folder in reversed(folders) if folder in known), None)
    named = next((a for a in known if a == slug), None)
    named = named or next((a for a in sorted(known, key=len, reverse=True) if f"_{a}_" in f"_{slug}_"), None)
    assignment = within or named or default
    ending = _ENDINGS.search(name.lower())
    notebook = ending is not None and ending[0].startswith(".ipynb")
    if assignment is None or ending is None or not (notebook or named):
        return None
    if not number and not folders and slug != assignment:  # a flat folder: the name is the student's
        student = re.sub(rf"(?i)[ _-]*{assignment}[ _-]*", "", _ENDINGS.sub("", name)) or owner
    elif not number and folders:
        before = folders[: folders.index(within)] if within else folders[:1]
        student = before[-1] if before else owner
    ranks = [name == f"{assignment}.ipynb", notebook and slug == assignment, notebook and named == assignment, notebook]
    rank = next((rank for rank, fits in enumerate(ranks) if fits), len(ranks))
    return _Candidate(student, number, assignment, rank + 10 * bool(entry.trouble), entry)


def _slug(name: str) -> str:
    """The name as assignments are written: without endings, numbers and words that browsers add to copies."""
    base = _COPY_BEHIND.sub("", _COPY_BEFORE.sub("", _ENDINGS.sub("", name)))
    return re.sub(r"[\W_]+", "_", base.lower()).strip("_")


def _student_folders(entries: list[_Entry], known: list[str], owner: str) -> dict[tuple[str, str], _Entry]:
    """The folders on a path's first level, each a student's, unless they are named after assignments."""
    folders: dict[tuple[str, str], _Entry] = {}
    for entry in (entry for entry in entries if entry.folder or len(entry.parts) > 1):
        moodle = _MOODLE.fullmatch(entry.parts[0])
        who = (moodle["student"], moodle["id"]) if moodle else (entry.parts[0], "")
        who = (owner, "") if entry.parts[0] in known else who
        if who not in folders or (entry.folder and entry.trouble):
            folders[who] = entry
    return folders


def _choose(student: str, assignment: str, candidates: list[_Candidate]) -> Job:
    """The best of one student's files: the exact name, else the newest."""
    ranked = sorted(candidates, key=lambda c: (c.rank, -c.entry.modified, -len(c.entry.parts[-1]), c.entry.parts))
    best, *others = (_make_job(student, assignment, candidate.entry) for candidate in ranked)
    notes = [f"file: {name_file(best)} taken, of {len(ranked)} that may be the notebook"] if others else []
    notes += [f"file: {name_file(other)}: {other.trouble}" for other in others if other.trouble]
    readable = tuple(other for other in others if not other.trouble)
    return replace(best, notes=tuple(notes), others=readable[:MAX_OTHERS])


def _make_job(student: str, assignment: str, entry: _Entry) -> Job:
    submitted = _read_timestamp(entry.path.parent) if not entry.member and not entry.trouble else ""
    submitted = submitted or _iso_time(entry.modified)
    return Job(student, assignment, entry.path, entry.member, submitted, trouble=entry.trouble)


def _iso_time(seconds: float) -> str:
    """A file's time in ISO format; "" for none, or for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else ""
    except (ValueError, OverflowError, OSError):
        return ""


def name_file(job: Job) -> str:
    """The name of a job's file, for a message."""
    return _printable((job.member or job.path.name).rpartition("/")[2])


def _printable(name: str) -> str:
    """A stranger's file name for a message: one line that every encoder takes."""
    return "".join(c if c.isprintable() else "?" for c in name[-200:])


def _name_students(owners: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A name for each student, no two of which are one file on a disk that ignores case or accents' encoding."""
    names: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for owner in sorted(owners):
        name = clean_name(owner[0])
        tries = [
            name,
            *([f"{name}_{owner[1]}"] if owner[1] else []),
            *(f"{name}_{n}" for n in range(2, len(owners) + 2)),
        ]
        names[owner] = next(t for t in tries if unicodedata.normalize("NFKC", t).casefold() not in taken)
        taken.add(unicodedata.normalize("NFKC", names[owner]).casefold())
    return names


def _walk(root: Path) -> Iterator[_Entry]:
    """Files and folders below a folder, by name; at most MAX_ENTRIES in each folder of the first level."""
    for first in _scan(root, ()):
        yield first
        waiting, seen = [first] if first.folder and not first.trouble else [], 0
        while waiting and seen < MAX_ENTRIES:
            for entry in _scan(waiting[0].path, waiting.pop(0).parts):
                seen += 1
                yield entry
                if entry.folder and not entry.trouble and len(entry.parts) < MAX_DEPTH:
                    waiting.append(entry)


def _scan(folder: Path, parts: tuple[str, ...]) -> list[_Entry]:
    """What lies in a folder itself, links and special files marked as such, hidden files left out."""
    entries = []
    try:
        with os.scandir(folder) as listing:
            for count, item in enumerate(listing):
                if item.name.startswith(".") or item.name in _IGNORED:
                    continue
                kind = item.stat(follow_symlinks=False)
                trouble = (
                    "" if stat.S_ISREG(kind.st_mode) or stat.S_ISDIR(kind.st_mode) else "a device or pipe, not read"
                )
                if item.is_symlink():
                    trouble = "a symbolic link, not followed; hand in the file itself"
                elif stat.S_ISDIR(kind.st_mode) and not os.access(item.path, os.R_OK | os.X_OK):
                    trouble = "a folder that the grader may not read"
                is_folder = stat.S_ISDIR(kind.st_mode) or (bool(trouble) and not _ENDINGS.search(item.name))
                names = (*parts, item.name)
                entries.append(_Entry(names, Path(item.path), is_folder, "", kind.st_mtime, trouble))
                if parts and count > MAX_ENTRIES:
                    break
    except OSError as error:
        if not parts:
            raise GraderError(f"{folder}: expected a folder that can be read, got: {error.strerror}") from None
    return sorted(entries, key=lambda entry: entry.parts)


def _list_zip(path: Path) -> Iterator[_Entry]:
    """Members of an archive; names are only names here, nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:  # zipfile lacks some compressions
        raise GraderError(f"{path}: expected a zip archive, got: {error}; download it again") from None
    if len(members) > MAX_MEMBERS:
        raise GraderError(f"{path}: expected at most {MAX_MEMBERS} files, got {len(members)}; is it the right archive?")
    for member in members:
        parts = tuple(part for part in re.split(r"[/\\]", member.filename) if part not in ("", ".", ".."))
        if parts and not any(part.startswith(".") or part in _IGNORED for part in parts):
            link = stat.S_ISLNK(member.external_attr >> 16)
            trouble = "a symbolic link, not followed; hand in the file itself" if link else ""
            yield _Entry(parts, path, member.is_dir(), member.filename, _zip_time(member), trouble)


def _zip_time(member: zipfile.ZipInfo) -> float:
    try:
        return datetime(*member.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def read_start(path: Path, size: int = MAX_BYTES + 1) -> bytes:
    """At most so many bytes of a regular file; O_NONBLOCK so that a pipe cannot hold up the class."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("no regular file")
        return file.read(size)


def _read_member(path: Path, member: str) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        return file.read(MAX_BYTES + 1)


def _read_timestamp(folder: Path) -> str:
    """nbgrader's timestamp.txt in ISO format, say `2015-02-02 15:58:23.948203 UTC`; "" if there is no valid one."""
    try:
        text = read_start(folder / "timestamp.txt", 100).decode().strip()
        moment, _, zone = text.rpartition(" ") if re.search(r" [A-Za-z_/]+$", text) else (text, "", "UTC")
        parsed = datetime.fromisoformat(moment)
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(zone))
        return aware.astimezone(UTC).isoformat()
    except (OSError, ValueError, KeyError, OverflowError):
        return ""
