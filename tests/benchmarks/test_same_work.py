"""Ours and the floor do the same work: on a right and an untouched submission of the light course."""

import json
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.plugin import open_suite
from benchmarks.crowd import collect_pool
from benchmarks.light_course import EXERCISES, FROM, build_light_course
from benchmarks.samples import write_sample
from benchmarks.unwalled import open_floor
from benchmarks.walled import open_ours

COURSE = load_course(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    return build_light_course(COURSE, tmp_path_factory.mktemp("light"))


def test_walls_change_the_cost_and_not_the_points(light, tmp_path):
    released = json.loads((light.release / "light.ipynb").read_bytes())
    pool = collect_pool(light, COURSE.assignment(FROM))
    answers = {name: pool[name]["right"][0] for name in EXERCISES}
    cells = [{**cell, "source": answers.get(cell["id"], cell["source"])} for cell in released["cells"]]
    right = write_sample("right", {**released, "cells": cells}, tmp_path / "right.ipynb")
    untouched = write_sample("untouched", released, tmp_path / "untouched.ipynb")
    costs = []

    def measure(suite):
        with open_ours(suite) as ours, open_floor(light) as floor:
            costs.extend(tool(sample) for sample in (right, untouched) for tool in (ours, floor))

    open_suite(light, "", measure)
    assert [cost.points for cost in costs] == [20, 20, 0, 0]
    assert all(cost.cpu_seconds > 0 and cost.wall_seconds > 0 for cost in costs)
