"""A real Jupyter Server with formgrader, on a temporary nbgrader course graded by our code, and a headless Chromium."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from autograder.gradebook import open_gradebook

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120  # a bound, not a pause: importing nbgrader on a loaded machine takes long


def cell(kind, name, source, points=None, locked=False):
    settings = {"grade": points is not None, "solution": not locked, "locked": locked, "task": False}
    settings |= {"grade_id": name, "schema_version": 3} | ({"points": points} if points is not None else {})
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": settings})


@pytest.fixture(scope="session")
def master():
    stub = "def {}(noise):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Tiny", id="title"),
            cell("code", "imports", "import math", locked=True),
            cell("code", "generator", stub.format("generator"), 10),
            cell("code", "loss", stub.format("loss"), 5),
            cell("markdown", "comparison", "Why?\n\nYOUR ANSWER HERE", 4),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


@pytest.fixture
def course(tmp_path, master):
    """A folder laid out as nbgrader wants it; nothing is graded yet."""
    folder = tmp_path / "course"
    for stage in ("source/tiny", "release/tiny", "submitted/ada/tiny", "submitted/grace/tiny", "submitted/linus/tiny"):
        (folder / stage).mkdir(parents=True)
    nbformat.write(master, folder / "source/tiny/tiny.ipynb")
    nbformat.write(master, folder / "release/tiny/tiny.ipynb")
    (folder / "submitted/ada/tiny/timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'gans'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    )
    return folder


@pytest.fixture
def private_environment(tmp_path):
    """The environment of Jupyter programs: their settings, data and sockets in this test's folder only."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    environment |= {"HOME": str(tmp_path / "home"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for kind in ("config", "data", "runtime"):
        environment[f"JUPYTER_{kind.upper()}_DIR"] = str(tmp_path / kind)
        (tmp_path / kind).mkdir()
    return environment | {"IPYTHONDIR": str(tmp_path / "ipython"), "JUPYTER_TOKEN": secrets.token_hex(16)}


@pytest.fixture
def server(tmp_path, course, private_environment):
    """The server's address and token; it listens on 127.0.0.1, at a port that the system chose."""
    open_gradebook(course_folder=course)  # made before formgrader starts, which would make it, too
    settings = {
        "ip": "127.0.0.1",
        "port": 0,
        "open_browser": False,
        "allow_root": True,
        "root_dir": str(course),
        "jpserver_extensions": {"nbgrader.server_extensions.formgrader": True},
    }
    (tmp_path / "config/jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}))
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server"],
            cwd=course,
            env=private_environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield wait_until_listening(process, tmp_path / "runtime", log), private_environment["JUPYTER_TOKEN"]
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_listening(process, runtime, log):
    """The address in the file that the server writes once its socket is bound."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            return json.loads((runtime / f"jpserver-{process.pid}.json").read_text())["url"]
        except (OSError, ValueError):  # not there, or not written to its end
            time.sleep(0.05)
    pytest.fail(f"the Jupyter server did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture
def page(tmp_path, server):
    """A tab of a fresh browser that is signed in to the server."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"no Chromium at {CHROMIUM}: formgrader's pages are read in a real browser (apt install chromium)")
    address, token = server
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            headless=True,
            args=CHROMIUM_FLAGS,
            base_url=address,
            viewport={"width": 1200, "height": 900},
        )
        context.set_default_timeout(60_000)
        tab = context.pages[0]
        tab.goto(f"/login?token={token}&next=/formgrader/manage_assignments")
        yield tab
        context.close()
