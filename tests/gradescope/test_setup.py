"""setup.sh asks the base image's package manager for what is missing, and says what it cannot get.

Stood in for: apt-get, which writes down what it is asked for and fails, and Python.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.gradescope.package import CONTAINER


@pytest.fixture
def image(tmp_path):
    """image(what python3 does): exit code, what was printed, what apt-get was asked for; nothing else is there."""
    programs = tmp_path / "bin"
    programs.mkdir()
    asked = tmp_path / "asked"
    bash = shutil.which("bash")
    (programs / "dirname").symlink_to(shutil.which("dirname"))

    def start(python: str) -> tuple[int, str, list[str]]:
        for name, does in {"python3": python, "apt-get": f'echo "$*" >> {asked}; [ "$1" = update ]'}.items():
            (programs / name).write_text(f"#!{bash}\n{does}\n")
            (programs / name).chmod(0o755)
        command = [bash, str(Path(CONTAINER, "setup.sh"))]
        done = subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr, asked.read_text().splitlines()

    return start


def test_old_python_is_replaced_or_named(image):
    code, said, asked = image('[ "$1" = --version ] && echo Python 3.10.12; exit 1')
    assert code == 2
    assert said == ("setup.sh: expected Python 3.11 or newer, found Python 3.10.12; choose a newer base image\n")
    wanted = [
        "python3 python3-venv",
        "python3.12 python3.12-venv",
        "python3.13 python3.13-venv",
        "python3.11 python3.11-venv",
    ]
    assert asked == ["update", *(f"install --yes --no-install-recommends {names}" for names in wanted)]


def test_programs_of_the_walls_are_installed_where_they_are_missing(image):
    code, _, asked = image('[[ "$2" != *libseccomp* ]]')
    assert asked == ["update", "install --yes --no-install-recommends bubblewrap util-linux libseccomp2"]
    assert code != 0
