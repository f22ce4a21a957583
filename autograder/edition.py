"""Which edition of the course and its libraries a machine has: what decides a record beside submission and salt.

Two machines of the same edition give the same records; one of another would give scores that do not belong beside the
rest, so it is refused.
"""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from autograder import __version__
from autograder.course import Assignment
from autograder.plugin import hash_suite

LIBRARIES = ("torch", "torchvision", "numpy")


def describe_edition(assignment: Assignment) -> dict[str, str]:
    """Versions, and the hashes of what is read from the course to grade an assignment."""
    return {
        "autograder": __version__,
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in LIBRARIES},
        "suite_sha256": hash_suite(assignment.suite),
        "release_sha256": _hash_release(assignment),
    }


def tell_difference(expected: Mapping[str, str], found: Mapping[str, str], assignment: str) -> str:
    """What is wrong with the edition found, and what to do; "" if the two are the same."""
    wrong = [
        f"{name} {expected.get(name, 'none')[:12]}, found {found.get(name, 'none')[:12]}"
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name)
    ]
    if not wrong:
        return ""
    return (
        f"{assignment}: expected {'; '.join(wrong)}: another edition of the course; bring this machine to the one "
        "that the command is run from, then run the same command again"
    )


def _hash_release(assignment: Assignment) -> str:
    """SHA-256 of an assignment's description and of all that was released, wherever it lies."""
    digest = hashlib.sha256(repr(replace(assignment, root=Path())).encode())
    for path in sorted(assignment.release.rglob("*")):
        place = path.relative_to(assignment.release)
        if path.is_file() and "__pycache__" not in place.parts and not any(p.startswith(".") for p in place.parts):
            digest.update(place.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
