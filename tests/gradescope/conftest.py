"""The image of one assignment's zip, built once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import find_root, load_course
from autograder.gradescope.package import PACKAGES, TORCH_PACKAGES, pin_packages, write_package
from tests.gradescope.container import SEARCHED, Container
from tests.gradescope.wheels import fetch_torch, pack_installed

ROOT = find_root(Path(__file__).parent)
NAME = "vanilla_gan"
HIDDEN = "best_samples"  # the exercise that students do not see in this course


@pytest.fixture(scope="session")
def container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    """A container made from the zip alone: set up without network, by wheels in a folder."""
    _skip_without_means()
    folder = tmp_path_factory.mktemp("gradescope")
    wheels = folder / "wheels"
    wheels.mkdir()
    pins = pin_packages(ROOT / ".ci/constraints.txt", TORCH_PACKAGES).decode()
    pinned = dict(re.findall(rf'(?m)^(\w+)==([\d.]+)(?:; platform_machine == "{os.uname().machine}")?$', pins))
    versions = fetch_torch(wheels, pinned)
    if versions is None:
        pytest.skip("pip finds no build of PyTorch without CUDA here")
    pack_installed(wheels, PACKAGES)
    course = load_course(_copy_course(folder / "course", versions))
    write_package(course, course.assignment(NAME), folder / "x.zip")
    made = Container(folder / "image", folder / "x.zip")
    made.set_up(wheels)
    shutil.rmtree(wheels)
    return made


def _copy_course(root: Path, versions: dict[str, str]) -> Path:
    """The course with one exercise hidden, and the versions of PyTorch that are to be had."""
    (root / ".ci").mkdir(parents=True)
    for name in ("release", "autograder"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "assignments" / NAME, root / "assignments" / NAME)
    description = root / "assignments" / NAME / "assignment.toml"
    text = description.read_text()
    description.write_text(text.replace(f'id = "{HIDDEN}"', f'id = "{HIDDEN}"\nvisibility = "hidden"'))
    lines = (ROOT / ".ci/constraints.txt").read_text().splitlines()
    others = [line for line in lines if line.partition("==")[0] not in versions]
    pins = [f"{name}=={version}" for name, version in versions.items()]
    (root / ".ci/constraints.txt").write_text("\n".join([*others, *pins]) + "\n")
    return root


def _skip_without_means() -> None:
    """Containers are made by root; the Python in them is the system's, of the version that our packages are for."""
    if os.getuid() != 0 or not shutil.which("bwrap"):
        pytest.skip("a container is made of this machine by root and bubblewrap")
    version = ".".join(sys.version.split(".")[:2])
    python = shutil.which(f"python{version}", path=SEARCHED)
    asks = [python or "", "-c", "import ensurepip, venv"]
    if python is None or subprocess.run(asks, capture_output=True, check=False).returncode:
        pytest.skip(f"the container's Python is the system's: install python{version} and python{version}-venv")
