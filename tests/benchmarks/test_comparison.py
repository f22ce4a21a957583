"""What the comparison makes of its measurements, and what it refuses to measure."""

import io
import sys
from pathlib import Path

import msgspec
import pytest
from matplotlib import image
from rich.console import Console

from autograder.course import load_course
from autograder.errors import AuthorError, GraderError
from benchmarks.audited import recorded_scores
from benchmarks.comparison import (
    OURS,
    Comparison,
    Measurement,
    Spread,
    expect_same_work,
    ratios,
    spread,
    take_turns,
)
from benchmarks.costs import Cost, Sample, measure_command
from benchmarks.plot import draw_plot
from benchmarks.tables import draw_table, write_markdown

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
VANILLA = COURSE.assignment("vanilla_gan")
BOTH = ["right", "untouched"]


def test_ratio_does_not_depend_on_how_fast_the_machine_was_in_a_round(found):
    assert ratios(found, "vanilla_gan", BOTH, "nbgrader", "cpu_seconds") == Spread(20.0, 20.0, 20.0)
    assert ratios(found, "dcgan", ["right"], "floor", "wall_seconds") == Spread(0.5, 0.5, 0.5)


def test_ratio_of_several_submissions_is_that_of_their_sums(found):
    slower = [
        Measurement(one.assignment, one.submission, one.tool, one.turn, 3 * one.cpu_seconds, one.wall_seconds, None)
        if (one.tool, one.submission) == (OURS, "right")
        else one
        for one in found.measurements
    ]
    changed = Comparison(slower, {}, {}, found.setting)
    assert ratios(changed, "dcgan", BOTH, "nbgrader", "cpu_seconds").median == pytest.approx(20 * 0.75 / 1.75)


def test_spread_is_median_and_quartiles():
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == Spread(2.0, 3.0, 4.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)


def test_tools_take_turns_and_each_sees_every_submission(tmp_path):
    seen = []

    def tool(name):
        def measure(sample):
            seen.append((name, sample.kind))
            return Cost(1.0, 2.0)

        return measure

    samples = [Sample(kind, tmp_path) for kind in BOTH]
    turns = list(take_turns(VANILLA, samples, {"nbgrader": tool("nbgrader"), OURS: tool(OURS)}, rounds=2))
    assert [one.turn for one in turns] == [0] * 4 + [1] * 4 + [2] * 4
    assert {(one.tool, one.submission) for one in turns if one.turn == 2} == {
        (name, kind) for name in ("nbgrader", OURS) for kind in BOTH
    }
    assert seen.count(("nbgrader", "right")) == 3
    assert seen.count((OURS, "right")) == 9  # three in a row, since a class is graded in warm processes


def test_tools_that_gave_different_points_did_different_work(tmp_path):
    right, partly = Sample("right", tmp_path), Sample("partly right", tmp_path)
    expect_same_work(VANILLA, partly, {"nbgrader": None, "floor": 80.0, OURS: 80.0})
    with pytest.raises(GraderError, match="expected the same points of all tools"):
        expect_same_work(VANILLA, partly, {"floor": 72.0, OURS: 80.0})
    with pytest.raises(AuthorError, match=r"expected 96\.0 points for a right sample"):
        expect_same_work(VANILLA, right, {"floor": 80.0, OURS: 80.0})


def test_commands_are_measured_with_the_processes_they_wait_for(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.2: pass"
    path = {"PATH": "/usr/bin:/bin"}
    cost, output = measure_command(["sh", "-c", f"'{sys.executable}' -c '{burn}' && echo done"], tmp_path, path)
    assert output == "done\n"
    assert cost.cpu_seconds >= 0.2  # its own, however fast the machine
    with pytest.raises(GraderError, match="expected exit code 0, got 3: no such thing"):
        measure_command(["sh", "-c", "echo no such thing >&2; exit 3"], tmp_path, path)


def test_suites_are_measured_only_with_a_mutation_score_on_record(tmp_path):
    readme = tmp_path / "README.md"
    rows = ("| `good` | 1 of 1 | 2 of 2 | 97 of 100, 97.0 % |", "| `weak` | 1 of 1 | 2 of 2 | 9 of 10, 90 % |")
    readme.write_text("\n".join(rows) + "\n")
    assert recorded_scores(readme, ["good"]) == {"good": 0.97}
    with pytest.raises(AuthorError, match=r"95% at least for weak, got 90\.0%"):
        recorded_scores(readme, ["good", "weak"])
    with pytest.raises(AuthorError, match="for absent, got none"):
        recorded_scores(readme, ["absent"])


def test_every_finished_suite_may_be_measured():
    names = [assignment.name for assignment in COURSE.assignments]
    assert recorded_scores(ROOT / "README.md", names).keys() == set(names)


def test_tables_say_the_ratios_and_what_is_missing(found):
    console = Console(width=130, record=True, file=io.StringIO())
    console.print(draw_table(found))
    text = console.export_text()
    assert text.count("20 (20–20)") == 2 * 2 * 2
    assert "no network" in text
    lines = write_markdown(found).splitlines()
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|") == 6
    assert lines[2] == "| nbgrader autograde | 20 (20–20) | 20 (20–20) | 20 (20–20) | 20 (20–20) |"
    assert "| the same tests in one warm process, no wall | 0.50 (0.50–0.50) |" in "\n".join(lines)
    assert "| 1 (0.38 s) | 1 (0.75 s) |" in "\n".join(lines)
    assert "could not be installed" in lines[-3]


def test_comparison_is_kept_whole(found):
    assert msgspec.json.decode(msgspec.json.encode(found), type=Comparison) == found


def test_plot_is_drawn_in_black_and_white(found, tmp_path):
    path = tmp_path / "docs" / "plot.png"
    draw_plot(found, path)
    pixels = image.imread(path)[..., :3]
    assert pixels.shape[1] == 1350
    assert abs(pixels - pixels.mean(axis=2, keepdims=True)).max() < 1e-6
    assert (pixels < 0.1).any()
