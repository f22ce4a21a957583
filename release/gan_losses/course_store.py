"""Where files of data sets lie, and how they get there: whole, or not at all.

What ships with the course is in data/ beside the notebook. What is made from it, downloaded or unpacked goes into the
*store*: the folder GAN_COURSE_DATA, or else ~/.cache/gan-course, or a temporary folder where that cannot be written.
A folder of the store is filled under a temporary name and renamed when it is complete, so an interrupted download
leaves nothing behind; sizes.txt in it says what it holds, so a file that was lost later is noticed.
"""

import gzip
import hashlib
import http.client
import io
import lzma
import os
import socket
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from pathlib import Path, PurePosixPath

from tqdm import tqdm

DATA = Path(__file__).parent / "data"  # shipped with the course; data/README.md says where it comes from
TIMEOUT = 10  # seconds without a byte
CHUNK = 1 << 18  # bytes at a time of a download
CONTENTS = "sizes.txt"  # in each folder of the store: a line "bytes path" for each of its files


class Unreachable(OSError):
    """There is no network, or the other side does not answer: not the reader's mistake."""


def verify_checksum(path: Path) -> Path:
    """The path itself, if the shipped file is what SHA256SUMS in DATA says.

    Errors: FileNotFoundError if the file is not there, ValueError if it is another one.
    """
    sums = DATA / "SHA256SUMS"
    for needed in (path, sums):
        if not needed.is_file():
            raise FileNotFoundError(f"{needed}: not there; copy the folder data that belongs to this notebook")
    expected = dict(line.split()[::-1] for line in sums.read_text().splitlines())
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected.get(path.relative_to(DATA).as_posix()):
        raise ValueError(f"{path}: damaged (its SHA-256 is not the one in SHA256SUMS); copy it again from the course")
    return path


def list_stores() -> list[Path]:
    """Folders where data may lie, best first; into the last one can be written."""
    try:
        wish = Path(os.environ.get("GAN_COURSE_DATA") or "~/.cache/gan-course").expanduser().absolute()
        wish.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a read-only home, one that is a file, none
        return [_make_temporary_store()]
    return [wish] if os.access(wish, os.W_OK) else [wish, _make_temporary_store()]


@cache
def _make_temporary_store() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="gan-course-")
    _OPEN.append(folder)
    print(f"the folder for data cannot be written (GAN_COURSE_DATA names it); using {folder.name} until Python ends")
    return Path(folder.name)


_OPEN: list[tempfile.TemporaryDirectory[str]] = []  # deleted when Python ends


def keep_folder(name: str, fill: Callable[[Path], Path | None]) -> Path:
    """The complete folder of that name in a store; if there is none, `fill` makes it in an empty one.

    `fill` gets the empty folder and returns the part of it to keep, or None for all of it. What it raises is passed on.
    """
    stores = list_stores()
    for store in stores:
        if _is_complete(store / name):
            return store / name
    target = stores[-1] / name
    with tempfile.TemporaryDirectory(dir=stores[-1], prefix=f".{name}.") as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        new.mkdir()
        new = fill(new) or new
        lines = [f"{path.stat().st_size} {path.relative_to(new).as_posix()}\n" for path in _list_files(new)]
        (new / CONTENTS).write_text("".join(lines), encoding="utf-8")
        if target.exists() and not _is_complete(target):
            target.rename(old)
        try:
            new.rename(target)
        except OSError:  # another notebook was quicker
            if not _is_complete(target):
                raise
    return target


def _is_complete(folder: Path) -> bool:
    """Whether a folder of the store holds every file that it held when it was made, at its full size."""
    try:
        lines = (folder / CONTENTS).read_text(encoding="utf-8").splitlines()
        sizes = [(int(line.split(" ", 1)[0]), line.split(" ", 1)[1]) for line in lines]
        return all((folder / path).stat().st_size == size for size, path in sizes)
    except (OSError, ValueError, IndexError):
        return False


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# From elsewhere


def find_given(place: str, variable: str) -> Path:
    """The folder that an environment variable gives: a folder, an archive (zip, tar), or a URL of an archive.

    Errors: FileNotFoundError and ValueError name what was given; Unreachable if there is no way to the URL.
    """
    if "://" in place:
        return keep_folder(_name_folder(place, place), lambda new: _fetch_and_unpack(place, new))
    path = Path(place).expanduser().absolute()
    if path.is_dir():
        return path
    if not path.is_file():
        raise FileNotFoundError(f"{path}: not there; {variable} must name a folder, an archive or a URL")
    stamp = f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}"  # another archive of the same name is unpacked
    return keep_folder(_name_folder(path.name, stamp), lambda new: unpack(path, new))


def _name_folder(origin: str, stamp: str) -> str:
    stem = origin.rstrip("/").rsplit("/", 1)[-1].split("?")[0].split(".")[0] or "download"
    return f"{stem}-{hashlib.sha256(stamp.encode()).hexdigest()[:8]}"


def _fetch_and_unpack(url: str, folder: Path) -> None:
    archive = folder.parent / "archive"
    fetch(url, archive)
    try:
        unpack(archive, folder)
    except ValueError as error:
        raise ValueError(f"{url}: {str(error).removeprefix(f'{archive}: ')}") from None


def fetch(url: str, target: Path) -> None:
    """Download a file with a progress bar.

    Errors: Unreachable if there is no network, no answer for ten seconds, or the connection breaks off;
    FileNotFoundError if the server has no such file.
    """
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response, target.open("wb") as file:
            expected = int(response.headers.get("Content-Length") or 0)
            title = url.rstrip("/").rsplit("/", 1)[-1]
            with tqdm(total=expected or None, desc=title, unit="B", unit_scale=True, file=sys.stdout, ncols=100) as bar:
                while chunk := response.read(CHUNK):
                    bar.update(file.write(chunk))
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise FileNotFoundError(f"{url}: the server answers {error.code} {error.reason}; check the URL") from None
        raise Unreachable(f"the server answers {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        raise Unreachable(str(error.reason)) from None
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from None
    if target.stat().st_size < expected:
        got = target.stat().st_size
        raise Unreachable(f"the connection broke off, expected {expected:,} bytes, got {got:,}")


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip or tar archive; ValueError if it is damaged, none, or has a path that leaves the folder."""
    damaged = "damaged, or only half of it arrived; fetch it again"
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(folder, [name for name in packed.namelist() if _is_wanted(archive, name)])
        elif tarfile.is_tarfile(archive):
            with tarfile.open(archive) as tape:
                members = [member for member in tape if _is_wanted(archive, member.name)]
                tape.extractall(folder, members, filter="data")  # refuses links that leave the folder, too
                _demand_end(tape)
        else:
            raise ValueError(f"{archive}: expected a zip or tar archive, this is none, or {damaged}")
    except tarfile.FilterError as error:
        raise ValueError(f"{archive}: {error}; do not use this file") from None
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, EOFError, zlib.error) as error:
        raise ValueError(f"{archive}: {damaged} ({error})") from None


def _is_wanted(archive: Path, name: str) -> bool:
    """False for what macOS leaves in archives; ValueError for a path that leaves the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{archive}: {name!r} would leave the folder; do not use this file")
    return not any(part.startswith("._") or part in ("__MACOSX", ".DS_Store") for part in path.parts)


def _demand_end(tape: tarfile.TarFile) -> None:
    """EOFError if a tar archive just stops, which tarfile forgives between two files."""
    if tape.fileobj is not None:
        tape.fileobj.seek(tape.offset)  # behind the last file
        if not tape.fileobj.read(CHUNK).startswith(bytes(tarfile.BLOCKSIZE)):
            raise EOFError("it has no end")


@contextmanager
def patience() -> Iterator[None]:
    """Around downloads by torchvision: they give up after ten seconds without a byte, and tell nothing of attempts."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        socket.setdefaulttimeout(before)
