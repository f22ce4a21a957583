"""A real Jupyter Server and a headless Chromium; each test says which folder is served and which page is opened."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

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
def open_page(tmp_path, private_environment):
    """A function (folder, path, extension, **environment): a tab of a fresh browser, signed in to a server of its own.

    The server serves the folder with one server extension and listens on 127.0.0.1, at a port that the system chose.
    """

    @contextmanager
    def opened(folder, path, extension, **variables):
        settings = {
            "ip": "127.0.0.1",
            "port": 0,
            "open_browser": False,
            "allow_root": True,
            "root_dir": str(folder),
            "jpserver_extensions": {extension: True},
        }
        (tmp_path / "config/jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}))
        environment = private_environment | variables
        with serving(folder, environment, tmp_path) as address, browsing(address, tmp_path) as tab:
            tab.goto(f"/login?token={environment['JUPYTER_TOKEN']}&next={path}")
            yield tab

    return opened


@contextmanager
def serving(folder, environment, tmp_path):
    """The address of a running server."""
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield wait_until_listening(process, tmp_path / "runtime", log)
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


@contextmanager
def browsing(address, tmp_path):
    """A tab of a fresh browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip(f"no Chromium at {CHROMIUM}: these pages are read in a real browser (apt install chromium)")
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
        yield context.pages[0]
        context.close()
