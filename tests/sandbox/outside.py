"""What lies around the sandbox in these tests, and how to see that nothing of it was touched."""

import os
import secrets
import socket
import string
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SECRET = f"planted-{secrets.token_hex(16)}"  # lives in the grader's memory
MARK = ("SANDBOX_TEST_RUN", secrets.token_hex(16))  # in the environment of all that is started by these tests


class Outside:
    """What lies around the sandbox: secrets, results, sockets that listen. All of it is open to every user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hidden, self.results = folder / "test_hidden.py", folder / "results.json"
        self.hidden.write_text(SECRET)
        self.results.write_text("{}")
        for path, mode in ((folder, 0o777), (self.hidden, 0o644), (self.results, 0o666)):
            path.chmod(mode)
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.abstract = f"listener-{secrets.token_hex(4)}"
        self.path, self.unnamed = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.path.bind(str(folder / "listener"))
        (folder / "listener").chmod(0o777)
        self.unnamed.bind(f"\0{self.abstract}")
        self.sockets = (self.tcp, self.udp, self.path, self.unnamed)
        for listener in self.sockets:
            listener.setblocking(False)
        for listener in (self.path, self.unnamed):
            listener.listen()

    def fill(self, source: str) -> str:
        """The source of an attack with all the places in it. The secret goes in backwards: its own text is no find."""
        places = {"hidden": self.hidden, "results": self.results, "folder": self.folder, "port": self.port}
        project = PROJECT / "pyproject.toml"
        return string.Template(source).substitute(places, project=project, abstract=self.abstract, secret=SECRET[::-1])

    def check(self) -> None:
        """Nothing has changed, nobody has called."""
        assert self.hidden.read_text() == SECRET
        assert self.results.read_text() == "{}"
        assert self.results.stat().st_mode & 0o777 == 0o666
        assert sorted(os.listdir(self.folder)) == ["listener", "results.json", "test_hidden.py"]
        for listener in (self.tcp, self.path, self.unnamed):
            with pytest.raises(BlockingIOError):
                listener.accept()
        with pytest.raises(BlockingIOError):
            self.udp.recv(1)


def sandboxed() -> set[int]:
    """All processes that descend from a zygote of these tests, wherever they have got to."""
    mark = "=".join(MARK).encode()
    found = set()
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and mark in Path(f"/proc/{entry}/environ").read_bytes():
                found.add(int(entry))
        except OSError:  # it has ended meanwhile
            continue
    return found
