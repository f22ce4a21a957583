"""What lies around the sandbox in these tests: secrets, results, listeners, another process; and what became of it."""

import contextlib
import os
import secrets
import shutil
import socket
import sqlite3
import string
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from autograder.sandbox.launch import Sandbox

PROJECT = Path(__file__).parents[2]
SECRET = f"planted-{secrets.token_hex(16)}"  # lives in the grader's memory, in a file, in another process
MARK = ("SANDBOX_TEST_RUN", secrets.token_hex(16))  # in the environment of all that is started by these tests
BOUNDED = ("prlimit", "--fsize=123456789")  # the other process has a bound of its own, which nobody may change


class Outside:
    """Decoys, all of them open to every user. `close` removes them."""

    def __init__(self, sandbox: Sandbox) -> None:
        zygote = psutil.Process(sandbox._process.pid)
        self._user = [zygote, *zygote.children(recursive=True)][-1].uids().real
        self._plant()

    def _plant(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="outside-"))
        self.hidden, self.results = self.folder / "test_hidden.py", self.folder / "results.json"
        self.gradebook, self.notebook = self.folder / "gradebook.db", self.folder / "mei" / "notebook.ipynb"
        self.dropped = [Path(place) / f"dropped-{self.folder.name}" for place in ("/dev/shm", "/var/tmp", "/tmp")]
        self.notebook.parent.mkdir()
        for path, text in ((self.hidden, SECRET), (self.results, "{}"), (self.notebook, "mei's work")):
            path.write_text(text)
        self._write_gradebook()
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        self._listen()
        self._start_other()
        self._calm = self._describe()

    def fill(self, source: str, *, walled: bool) -> str:
        """The source of an attack with all the places in it. The secret goes in backwards: its own text is no find."""
        return string.Template(source).substitute(
            walled=walled,
            hidden=self.hidden,
            results=self.results,
            gradebook=self.gradebook,
            notebook=self.notebook,
            folder=self.folder,
            dropped=self.folder.name,
            project=PROJECT,
            port=self.port,
            abstract=self.abstract,
            other=self.other.pid,
            descriptor=self.descriptor,
            address=self.address,
            secret=SECRET[::-1],
        )

    def changes(self) -> list[str]:
        """What is not as it was, in words; then everything is planted anew."""
        now = self._describe()
        found = [f"{name}: {now[name]}"[:300] for name in now if now[name] != self._calm[name]]
        found += self._callers()
        for path in self.dropped:
            if path.exists():
                path.unlink()
                found.append(f"{path} was left behind")
        if found:
            self.close()
            self._plant()
        return found

    def close(self) -> None:
        """Remove everything."""
        for listener in self.listeners:
            listener.close()
        self.other.kill()
        self.other.communicate()
        shutil.rmtree(self.folder)

    def _write_gradebook(self) -> None:
        with contextlib.closing(sqlite3.connect(self.gradebook)) as book:
            book.execute("CREATE TABLE grade (student TEXT, score REAL)")
            book.execute("INSERT INTO grade VALUES ('mei', 7.0)")
            book.commit()

    def _listen(self) -> None:
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.abstract = f"listener-{secrets.token_hex(4)}"
        self.path, self.unnamed = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.path.bind(str(self.folder / "listener"))
        (self.folder / "listener").chmod(0o777)
        self.unnamed.bind(f"\0{self.abstract}")
        self.listeners = (self.tcp, self.udp, self.path, self.unnamed)
        for listener in self.listeners:
            listener.setblocking(False)
        for listener in (self.path, self.unnamed):
            listener.listen()

    def _start_other(self) -> None:
        """Another process of the user that workers run as: it has a secret, and the results open."""
        own = {} if self._user == os.getuid() else {"user": self._user}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {"SECRET": SECRET}}
        with self.results.open("r+") as results:
            self.descriptor = results.fileno()
            self.other = subprocess.Popen([*BOUNDED, "cat"], pass_fds=[self.descriptor], **pipes, **own)
        self.other.stdin.write(b"here?\n")
        self.other.stdin.flush()
        self.other.stdout.readline()  # it runs
        maps = Path(f"/proc/{self.other.pid}/maps").read_text().splitlines()
        self.address = int(next(line for line in maps if " rw-p " in line).split("-")[0], 16)

    def _describe(self) -> dict[str, object]:
        """All that must stay as it is."""
        found: dict[str, object] = {"names": sorted(str(path) for path in self.folder.rglob("*"))}
        for path in (self.hidden, self.results, self.notebook):
            found[path.name] = _look_at(path)
        with contextlib.closing(sqlite3.connect(self.gradebook)) as book:
            found["gradebook"] = book.execute("SELECT * FROM grade").fetchall()
        ended = self.other.poll() is not None
        found["other process"] = (
            "ended" if ended else "asleep" if "stopped" in _read_status(str(self.other.pid)) else "runs"
        )
        found["its limits"] = Path(f"/proc/{self.other.pid}/limits").read_text() if self.other.poll() is None else ""
        return found

    def _callers(self) -> list[str]:
        found = []
        for listener in (self.tcp, self.path, self.unnamed):
            try:
                listener.accept()[0].close()
                found.append(f"somebody called {listener.getsockname()!r}")
            except BlockingIOError:
                continue
        try:
            self.udp.recv(1)
            found.append("somebody sent a datagram")
        except BlockingIOError:
            pass
        return found


def sandboxed() -> set[int]:
    """All processes that descend from a zygote of these tests, wherever they have got to."""
    mark = "=".join(MARK).encode()
    found = set()
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and (mark in Path(f"/proc/{entry}/environ").read_bytes()):
                found.add(int(entry))
        except PermissionError:  # a user's own processes that hide their memory
            if f"Uid:\t{os.getuid()}\t" in _read_status(entry) and not _is_of_another_test(int(entry)):
                found.add(int(entry))
        except OSError:  # it has ended meanwhile
            continue
    return found


def left_behind(before: set[int]) -> set[int]:
    """Those of them that were not there before, after time to leave: supervisors report first and end afterwards."""
    for _ in range(100):
        if not (left := sandboxed() - before):
            break
        time.sleep(0.05)
    return left


def _is_of_another_test(process: int) -> bool:
    """Whether it was started by a test that runs beside ours, under the same parent."""
    try:
        above = {parent.pid for parent in psutil.Process(process).parents()}
    except psutil.NoSuchProcess:
        return True
    return os.getppid() in above and os.getpid() not in above


def _read_status(process: str) -> str:
    try:
        return Path(f"/proc/{process}/status").read_text()
    except OSError:
        return ""


def _look_at(path: Path) -> object:
    try:
        shown = path.stat()
    except OSError as error:
        return error.strerror
    return (path.read_text(), oct(shown.st_mode), shown.st_uid, shown.st_mtime_ns, os.listxattr(path))
