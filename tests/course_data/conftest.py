"""For the tests of the course's data sets: a store of its own, few shoes, and pairs to give.

Nothing is fetched from a network: servers are this process's own, or there is none.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
sys.path.append(str(ASSIGNMENTS))  # as notebooks, the modules import each other from the folder they are in

import course  # noqa: E402
import course_data  # noqa: E402
import course_shoes  # noqa: E402
import course_store  # noqa: E402


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    """A store of its own for each test; nothing given, no proxy, and no Fashion-MNIST of the system."""
    for variable in ("GAN_COURSE_PAIRS", "GAN_COURSE_PHOTOS", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "store"))
    monkeypatch.setattr(course_data, "DEBIAN_FASHION", tmp_path / "not installed")
    course_store._make_temporary_store.cache_clear()


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def few_shoes(monkeypatch):
    """Five shoes for train and two for val, so that making them takes no time."""
    pixels, classes = course_data.read_shipped("shoes")
    chosen = [0, 1, 2, 3, 4, 1000, 1001]
    monkeypatch.setattr(course_shoes, "TRAIN", 5)
    monkeypatch.setattr(course_shoes, "VAL", 2)
    monkeypatch.setattr(course_data, "read_shipped", lambda name: (pixels[chosen], classes[chosen]))


@pytest.fixture
def quick():
    return course.Run("quick", torch.device("cpu"))


@pytest.fixture
def full():
    return course.Run("full", torch.device("cpu"))


@pytest.fixture
def write_pair() -> Callable[..., Path]:
    """write_pair(path, size) writes a picture whose left half is white, its right half red."""

    def write(path: Path, size: tuple[int, int] = (8, 4)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pair = Image.new("RGB", size, "red")
        pair.paste("white", (0, 0, size[0] // 2, size[1]))
        pair.save(path)
        return path

    return write


@pytest.fixture
def pairs(tmp_path, write_pair) -> Path:
    """A folder of pairs as GAN_COURSE_PAIRS may name it."""
    folder = tmp_path / "given" / "mini"
    for name in ("train/1.png", "train/2.PNG", "val/1.png"):
        write_pair(folder / name)
    return folder
