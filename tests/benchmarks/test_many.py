"""Thirty submissions through the command, watched; and the crowd that many are made of."""

import itertools
import json
from pathlib import Path

import pytest

from autograder.course import load_course
from benchmarks.crowd import SHARES, collect_pool, make_crowd
from benchmarks.light_course import EXERCISES, FROM, build_light_course
from benchmarks.many import HELD, Watched, summarise, watch, write_markdown
from benchmarks.processes import Holding

COURSE = load_course(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    return build_light_course(COURSE, tmp_path_factory.mktemp("light"))


def holding(graded, **held):
    usual = dict.fromkeys(HELD, 100)
    return Holding(graded=graded, seconds=graded / 10, **usual | held)


def test_thirty_submissions_are_graded_and_watched(tmp_path):
    watched = watch(COURSE, submissions=30, workers=1, folder=tmp_path)
    assert watched.statuses == {"graded": 30}
    assert 0 < watched.points < 30 * 20
    assert watched.holdings
    assert all(held.zygote_rss > 50 and held.processes > 3 for held in watched.holdings)
    assert not list(tmp_path.iterdir())


def test_crowd_is_the_same_each_time_and_no_two_hundred_alike(light):
    crowd = list(make_crowd(light, COURSE.assignment(FROM), 200))
    again = itertools.islice(make_crowd(light, COURSE.assignment(FROM), 10_000), 200)
    assert crowd == list(again)
    assert len({handed.notebook for handed in crowd}) > 150
    assert len({handed.student for handed in crowd}) == 200


def test_pool_has_every_kind_for_every_exercise(light):
    pool = collect_pool(light, COURSE.assignment(FROM))
    assert pool.keys() == set(EXERCISES)
    for name, kinds in pool.items():
        assert kinds.keys() == SHARES.keys()
        assert all(len(set(kinds[kind])) >= least for kind, least in (("right", 3), ("wrong", 5), ("hostile", 5)))
        for source in itertools.chain(*kinds.values()):
            compile(source, name, "exec")
            assert name in source


def test_light_course_has_the_real_tests(light):
    whole = COURSE.assignment(FROM)
    assert [exercise.points for exercise in light.graded] == [whole.exercise(name).points for name in EXERCISES]
    for name in EXERCISES:
        test = f"test_{name}.py"
        assert (light.suite / test).read_text() == (whole.suite / test).read_text()
    released = json.loads((light.release / "light.ipynb").read_bytes())
    assert len(released["cells"]) == 1 + 2 * len(EXERCISES)


def test_first_tenth_stands_beside_the_last():
    holdings = [holding(number, grader_rss=number) for number in range(100, 10_001, 100)]
    watched = Watched(10_000, 2, 900.0, {"graded": 10_000}, 1.0, holdings)
    parts = summarise(watched)
    assert len(parts) == 10
    assert parts[0][:2] == (0, 1000)
    assert parts[0][2]["grader_rss"] == 550
    assert parts[-1][2]["grader_rss"] == 9550
    table = write_markdown(watched)
    assert "| | first 1,000 | last 1,000 |" in table
    assert "| grader, RSS MB | 550 | 9,550 |" in table


def test_what_this_account_may_not_see_is_said(light):
    watched = Watched(10, 1, 1.0, {"graded": 10}, 1.0, [holding(1, zygote_pss=None), holding(10, zygote_pss=None)])
    assert "| zygote, PSS MB | not shown | not shown |" in write_markdown(watched)
