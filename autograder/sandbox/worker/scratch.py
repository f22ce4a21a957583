"""Where a worker may write: a folder of its own, bounded, and gone when the worker is gone.

On the level `nested` it is a tmpfs that only the worker sees. On `bubblewrap` the outer wall holds a row of small
tmpfs, and each worker gets one. Elsewhere it is a plain folder, whose size the supervisor watches.
"""

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

MEGABYTES = 64
FILES = 4096
SLOTS = Path("/scratch")


@contextlib.contextmanager
def provide(level: str) -> Iterator[Path]:
    """A folder for one worker; what is in it afterwards is removed."""
    if level == "nested":
        yield Path("/tmp")
        return
    folder = _take_slot() if level == "bubblewrap" else Path(tempfile.mkdtemp(prefix="worker-"))
    try:
        yield folder
    finally:
        remove(folder)


def make_work_folder(folder: Path, released: Path) -> Path:
    """A folder to work in that shows the released files by links; becomes the current folder."""
    work = folder / "work"
    work.mkdir(mode=0o700)
    for entry in released.iterdir():
        (work / entry.name).symlink_to(entry)
    os.chdir(work)
    return work


def is_flooded(level: str, folder: Path) -> bool:
    """Whether a worker has written more than it may, where no mount of its own keeps it from that."""
    if level == "nested":
        return False
    if level == "bubblewrap":
        space = os.statvfs(folder)
        return space.f_files - space.f_ffree > FILES
    count = size = 0
    folders = [str(folder)]
    while folders:
        try:
            for entry in os.scandir(folders.pop()):
                count += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                if count > FILES or size > MEGABYTES << 20:
                    return True
        except OSError as error:  # files come and go meanwhile, and a folder may be closed
            if error.errno == errno.ENAMETOOLONG:
                return True
    return False


def remove(folder: Path) -> None:
    """Remove a folder and all in it, however deep it is nested and whatever modes it has been given.

    Folders are first moved up: paths stay short, and nothing here is recursive.
    """
    with contextlib.suppress(OSError):
        os.chmod(folder, stat.S_IRWXU)
        while entries := list(os.scandir(folder)):
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                os.chmod(entry.path, stat.S_IRWXU)
                for inner in list(os.scandir(entry.path)):
                    if inner.is_dir(follow_symlinks=False):
                        os.chmod(inner.path, stat.S_IRWXU)  # a folder that moves has its own ".." changed
                        os.rename(inner.path, folder / secrets.token_hex())
                    else:
                        os.unlink(inner.path)
                os.rmdir(entry.path)
        os.rmdir(folder)


def _take_slot() -> Path:
    for slot in sorted(SLOTS.iterdir()):
        with contextlib.suppress(FileExistsError):
            (slot / "worker").mkdir(mode=0o700)
            return slot / "worker"
    raise OSError(errno.EBUSY, f"all {SLOTS} are taken: too many workers at once")
