"""Wheels for a set-up without network: PyTorch's CPU build by pip, all else made of what is installed here.

What is stood in for: PyTorch's index, which sells builds without CUDA, is not reached from everywhere. pip is asked for
the pinned version there, and then for one that it knows from elsewhere; beside the latter stands torchvision from PyPI.
That one's compiled operators are made for CUDA and do not load: they are declared in Python (the course uses none).
"""

import csv
import io
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INDEX = "https://download.pytorch.org/whl/cpu"
OTHER_TORCH, OTHER_TORCHVISION = "2.13.0+cpu", "0.28.0"
OPERATORS = """\
import torch
declared = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    declared.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""


def fetch_torch(folder: Path, pinned: dict[str, str]) -> dict[str, str] | None:
    """torch and torchvision without CUDA, by pip; their versions, or None if pip knows none of either kind."""
    if _download(folder, [f"{name}=={version}+cpu" for name, version in pinned.items()], "--index-url", INDEX):
        return {name: f"{version}+cpu" for name, version in pinned.items()}
    if not _download(folder, [f"torch=={OTHER_TORCH}", f"torchvision=={OTHER_TORCHVISION}"]):
        return None
    _declare_operators(next(folder.glob("torchvision-*.whl")))
    return {"torch": OTHER_TORCH, "torchvision": OTHER_TORCHVISION}


def pack_installed(folder: Path, names: tuple[str, ...]) -> None:
    """A wheel of each of these packages, and of all that they and torch's wheel there ask for."""
    waiting = [*names, *_requirements_of_wheel(next(folder.glob("torch-*.whl")))]
    packed = {"torch", "torchvision"}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in packed:
            continue
        packed.add(name)
        found = distribution(name)
        _pack(found, folder)
        waiting += _needed(found.requires or [])


def _download(folder: Path, requirements: list[str], *options: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--retries",
        "0",
    ]
    done = subprocess.run(
        [*command, "--timeout", "20", "--dest", str(folder), *options, *requirements],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0


def _needed(requires: list[str]) -> list[str]:
    parsed = [Requirement(line) for line in requires]
    return [each.name for each in parsed if each.marker is None or each.marker.evaluate({"extra": ""})]


def _requirements_of_wheel(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return _needed(Parser().parsestr(archive.read(metadata).decode()).get_all("Requires-Dist") or [])


def _pack(installed: Distribution, folder: Path) -> None:
    """The wheel that an installed package came from, but for its scripts and data outside site-packages."""
    files = [file for file in installed.files or [] if ".." not in file.parts and file.suffix != ".pyc"]
    home = next(file for file in files if file.name == "WHEEL" and file.parent.name.endswith(".dist-info")).parent
    tags = re.findall(r"(?m)^Tag: (.+)$", installed.read_text("WHEEL"))
    joined = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*(tag.split("-") for tag in tags), strict=True))
    stem = home.name.removesuffix(".dist-info")
    kept = [file for file in files if file.name not in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")]
    record = io.StringIO()
    csv.writer(record).writerows([[str(file), "", ""] for file in kept] + [[f"{home}/RECORD", "", ""]])
    with zipfile.ZipFile(folder / f"{stem}-{joined}.whl", "w", zipfile.ZIP_STORED) as wheel:
        for file in kept:
            wheel.write(str(file.locate()), str(file))
        wheel.writestr(f"{home}/RECORD", record.getvalue())


def _declare_operators(wheel: Path) -> None:
    """torchvision's wheel with its operators declared in Python, before anything asks for them."""
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["torchvision/extension.py"] = OPERATORS.encode() + content["torchvision/extension.py"]
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
