"""A PostgreSQL server of the tests' own: data in a temporary folder, a Unix socket there, gone when they are done."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.sandbox.worker.limits import die_with_parent

OWNER = "nobody"  # PostgreSQL refuses to run as root


class PostgresqlServer:
    """A running server, and the URLs of its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()
        as_owner = {"user": OWNER, "group": pwd.getpwnam(OWNER).pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        if as_owner:
            shutil.chown(folder, OWNER)
        self._log = (folder / "log").open("ab")
        known = {"cwd": folder, "stdout": self._log, "stderr": self._log, **as_owner}
        data = str(folder / "data")
        initialise = [find_program("initdb"), "--no-sync", "--auth=trust", "--username=grader", "--encoding=UTF8"]
        subprocess.run([*initialise, data], check=True, **known)
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=50")
        command = [find_program("postgres"), "-D", data, *(word for each in settings for word in ("-c", each))]
        self._server = subprocess.Popen(command, preexec_fn=partial(die_with_parent, os.getpid()), **known)
        self._await_start(time.monotonic() + 60)

    def _await_start(self, deadline: float) -> None:
        while subprocess.run([find_program("pg_isready"), "-q", "-h", self._folder]).returncode:
            running = self._server.poll() is None and time.monotonic() < deadline
            assert running, (self._folder / "log").read_text()
            time.sleep(0.05)

    def url(self, database: str) -> str:
        """How SQLAlchemy is told of a database."""
        return f"postgresql+psycopg://grader@/{database}?host={self._folder}"

    def create(self) -> str:
        """The URL of a new, empty database."""
        name = f"gradebook_{next(self._numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def end(self) -> None:
        """Stop it at once."""
        self._server.send_signal(signal.SIGINT)  # its fast shutdown: open connections are not waited for
        self._server.wait(60)
        self._log.close()


def find_program(name: str) -> str:
    """The newest of PostgreSQL's programs of that name; Debian keeps those of the server off the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(places[-1]) if places else shutil.which(name)
    assert found, f"PostgreSQL's {name} is not installed; run .ci/setup postgresql"
    return found


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One server for all tests of a process; its folder has a short name, as a socket's place must."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = PostgresqlServer(Path(folder))
        yield server
        server.end()


@pytest.fixture
def new_database(postgresql_server: PostgresqlServer) -> Callable[[], str]:
    """new_database(): the URL of an empty database on the server."""
    return postgresql_server.create
