"""Submissions in any number from a small pool of cells, combined at random: the same number gives the same crowd.

The pool are the suite's own answers (the solution, right ones in other styles, wrong ones), untouched cells, and a few
hostile ones; the notebooks are then saved as JupyterLab saves them, or as other tools mangle them.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.audit import find_cases
from autograder.course import Assignment
from autograder.markers import BEGIN, END
from benchmarks.light_course import EXERCISES
from tests.fairness.manglers import MANGLERS

SEED = 20261122
SHARES = {"right": 45, "wrong": 30, "untouched": 20, "hostile": 1}  # of the cells of an exercise
MANGLED = 0.2  # of the notebooks
MANGLES = ("vscode_old", "nbformat_4_4", "duplicated_cells", "checks_deleted", "stripped_metadata", "byte_order_mark")
ODD = 0.01  # of the submissions: no notebook at all
WEB_PAGE = b"<!DOCTYPE html>\n<html><body>Jupyter Notebook requires JavaScript.</body></html>\n"
HOSTILE = (
    "    __import__('os')._exit(0)",
    "    return __import__('ctypes').string_at(0)",
    "    while True:\n        pass",
    "    return [bytearray(1 << 26) for _ in range(1000)]",
    "    raise SystemExit('passed')",
    "    print('passed ' * 10_000_000)",
    "    __import__('os').fork()\n    return torch.ones(1 << 24)",
    "    return type('Equal', (), {'__eq__': lambda *_: True, '__hash__': None})()",
)


@dataclass(frozen=True)
class Handed:
    """What one student hands in. `notebook`: None for an empty folder."""

    student: str
    notebook: bytes | None


def make_crowd(light: Assignment, whole: Assignment, number: int) -> Iterator[Handed]:
    """So many submissions of the light course, one after the other; `whole` is where its exercises come from."""
    rng = random.Random(SEED)
    pool = collect_pool(light, whole)
    released = json.loads((light.release / f"{light.name}.ipynb").read_bytes())
    for count in range(number):
        notebook = json.dumps(fill_in(released, pool, rng)).encode()
        if rng.random() < MANGLED:
            notebook = MANGLERS[rng.choice(MANGLES)](notebook)
        odd = rng.choice((WEB_PAGE, notebook[: len(notebook) // 2], None)) if rng.random() < ODD else notebook
        yield Handed(f"student{count:05}", odd)


def collect_pool(light: Assignment, whole: Assignment) -> dict[str, dict[str, list[str]]]:
    """Texts for each exercise, by kind: right, wrong, untouched, hostile."""
    solved = {cell["id"]: cell["source"] for cell in _cells(light.source / f"{light.name}.ipynb")}
    untouched = {cell["id"]: cell["source"] for cell in _cells(light.release / f"{light.name}.ipynb")}
    cases = find_cases(whole)
    pool = {}
    for name in EXERCISES:
        own = [case for case in cases if case.exercise == name]
        headers = untouched[name].partition('    """')[0]
        pool[name] = {
            "right": [_strip(solved[name]), *(case.source for case in own if case.kind == "variant")],
            "wrong": [case.source for case in own if case.kind == "mutant"],
            "untouched": [untouched[name]],
            "hostile": [headers + body for body in HOSTILE],
        }
    return pool


def fill_in(released: Mapping[str, Any], pool: Mapping[str, dict[str, list[str]]], rng: random.Random) -> dict:
    """The released notebook with an answer drawn for each exercise."""
    cells = []
    for cell in released["cells"]:
        if cell["id"] in pool:
            (kind,) = rng.choices([*SHARES], weights=[*SHARES.values()])
            cell = {**cell, "source": rng.choice(pool[cell["id"]][kind])}
        cells.append(cell)
    return {**released, "cells": cells}


def write_crowd(crowd: Iterator[Handed], assignment: str, folder: Path) -> None:
    """Write the tree that `autograder grade` is given: submitted/<student>/<assignment>/<assignment>.ipynb."""
    for handed in crowd:
        place = folder / handed.student / assignment
        place.mkdir(parents=True)
        if handed.notebook is not None:
            (place / f"{assignment}.ipynb").write_bytes(handed.notebook)


def _strip(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def _cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_bytes())["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]
