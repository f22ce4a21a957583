"""nbgrader's gradebook opened: where it is, that it is one, and that waiting for it ends.

The tables are nbgrader's own (nbgrader.api); SQLite by default, PostgreSQL by URL.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Connection, Engine, create_engine, delete, event, exc, false, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import GraderError

GRADERS_LOCK = 0x67616E  # PostgreSQL's own number for "one of our graders is writing", in each database
LIBPQ_DRIVERS = ("postgresql", "postgresql+psycopg", "postgresql+psycopg2")


@dataclass(frozen=True)
class Gradebook:
    """An open gradebook; with the folder of an nbgrader course, also where its autograded/ lies."""

    engine: Engine
    place: str
    course_id: str
    wait_seconds: float
    directory: Any | None  # nbgrader's CourseDirectory


def open_gradebook(
    *, url: str | None = None, course_folder: Path | None = None, wait_seconds: float = 30.0
) -> Gradebook:
    """Open nbgrader's gradebook at `url`, or the one that the nbgrader course in `course_folder` uses.

    A database that does not exist is created with nbgrader's tables. `wait_seconds` bounds the wait for a database that
    another program has locked. GraderError if it is some other program's database, or one of another nbgrader version.
    """
    directory: Any = _course_directory(course_folder) if course_folder else None
    address = url or (str(directory.db_url) if directory else "")
    engine, place = _connect(address, wait_seconds)
    course_id = (directory.course_id if directory else "") or "default_course"  # the default of nbgrader's tables
    with _explained(place, wait_seconds):
        _await_tables(engine, wait_seconds)
        with engine.begin() as connection:
            _prepare_tables(connection, place)
            connection.execute(delete(api.Student).where(false()))  # one that takes no writing says so now
    return Gradebook(engine, place, course_id, wait_seconds, directory)


def _course_directory(folder: Path) -> Any:
    """nbgrader's own description of a course folder, with the settings of its nbgrader_config.py."""
    config = Config()
    if (folder / "nbgrader_config.py").is_file():
        try:
            config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        except Exception as error:  # the file is a program of the instructor's
            raise GraderError(f"{folder / 'nbgrader_config.py'}: {type(error).__name__}: {error}") from None
    return CourseDirectory(config=config, root=str(folder.resolve()))


def _connect(url: str, wait_seconds: float) -> tuple[Engine, str]:
    """An engine on which every transaction takes the write lock at once and waits for it no longer than asked.

    SQLite's keeps everybody else from writing, PostgreSQL's only other graders: formgrader goes on meanwhile.
    """
    try:
        engine = create_engine(url, poolclass=NullPool, **_settings(url, wait_seconds))
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise GraderError(f"gradebook: expected a database URL such as sqlite:///gradebook.db, got {error}") from None
    except ModuleNotFoundError as error:
        package = {"psycopg": "'psycopg[binary]'"}.get(str(error.name), error.name)
        raise GraderError(f"gradebook: the driver {error.name!r} is not installed; pip install {package}") from None
    place = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_wait(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None  # sqlite3 would begin late, and too weakly
            connection.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
            connection.execute("PRAGMA foreign_keys = ON")

        @event.listens_for(engine, "begin")
        def begin_writing(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    elif engine.dialect.name == "postgresql":

        @event.listens_for(engine, "begin")
        def begin_alone(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait_seconds * 1000)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({GRADERS_LOCK})")

    return engine, place


def _settings(url: str, wait_seconds: float) -> dict[str, Any]:
    """What PostgreSQL's drivers are told: to give up on a silent server; to see what others wrote before our lock."""
    if make_url(url).drivername not in LIBPQ_DRIVERS:
        return {}
    return {
        "isolation_level": "READ COMMITTED",  # a stricter one would see the tables as they were before the wait
        "connect_args": {"connect_timeout": max(2, int(wait_seconds))},  # less than 2 s is 2 s to libpq
    }


def _await_tables(engine: Engine, wait_seconds: float) -> None:
    """Let a program finish that creates nbgrader's tables at this moment: formgrader does when it is first opened."""
    wanted, until = set(api.Base.metadata.tables), time.monotonic() + wait_seconds
    while time.monotonic() < until:
        with engine.connect() as connection:
            found = set(inspect(connection).get_table_names())
        if not found & wanted or wanted <= found or "alembic_version" in found:
            return
        time.sleep(0.1)


def _prepare_tables(connection: Connection, place: str) -> None:
    """Create nbgrader's tables in an empty database; GraderError if there are others, or of another version."""
    # Creating them here, with alembic as a library, spares nbgrader's call of `alembic` from PATH.
    script, context = ScriptDirectory(ALEMBIC_DIR), MigrationContext.configure(connection)
    found, wanted = set(inspect(connection).get_table_names()), set(api.Base.metadata.tables)
    if not found:
        api.Base.metadata.create_all(connection)
        context.stamp(script, "head")
    elif not found & wanted:
        raise GraderError(
            f"{place}: expected nbgrader's gradebook, found other tables ({', '.join(sorted(found)[:3])}); "
            "name another database with --gradebook"
        )
    # Without a version it is new: formgrader enters that a second later, or never if alembic is not on its PATH.
    elif not wanted <= found or context.get_current_heads() not in ((), tuple(script.get_heads())):
        raise GraderError(
            f"{place}: this gradebook was made by another version of nbgrader; make a copy of it, run "
            "`nbgrader db upgrade` in the course's folder, then grade again"
        )


@contextmanager
def transaction(gradebook: Gradebook) -> Iterator[Session]:
    """A session whose changes are written together, or not at all when an error leaves the block."""
    with _explained(gradebook.place, gradebook.wait_seconds), Session(gradebook.engine) as session, session.begin():
        yield session


@contextmanager
def _explained(place: str, wait_seconds: float) -> Iterator[None]:
    """Turn what the database says into one line that says what to do."""
    try:
        yield
    except exc.DBAPIError as error:
        said = " ".join(str(error.orig).split())
        if "locked" in said or "lock timeout" in said:
            advice = (
                f"another program kept it locked for more than {wait_seconds:g} s; close it (formgrader? a "
                "database browser?) and run the same command again, what is done is kept"
            )
        elif "is full" in said or "I/O error" in said or "No space left" in said:
            advice = f"{said}; make room there and run the same command again, what is done is kept"
        elif error.connection_invalidated or "connection" in said.lower():
            advice = f"{said}; see that the server runs and lets you in, then run the same command again"
        elif "readonly" in said or "unable to open" in said or "read-only" in said:
            advice = f"{said}; see to the owner of the file and of its folder, then run the same command again"
        elif "not a database" in said:
            advice = "expected nbgrader's gradebook, found no SQLite database; name another file with --gradebook"
        else:
            advice = f"the database refused: {said}; nothing of this submission was written"
        raise GraderError(f"{place}: {advice}") from None
