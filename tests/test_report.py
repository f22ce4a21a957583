"""The class report: its numbers against those worked out by hand, its words, and that nothing in it can run."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy
import pytest

from autograder.classbook import Override
from autograder.course import Assignment, Course, Exercise, Limits
from autograder.errors import GraderError
from autograder.records import BrokenRecord, Records, read_records
from autograder.report import parse_due, render_report, write_report
from autograder.report.plots import draw_histogram, draw_stack
from autograder.report.statistics import (
    exercise_statistics,
    histogram,
    item_rest_correlation,
    mistakes,
    spread,
)
from autograder.results import ExerciseResult, Grade, TestResult
from tests.synthetic_class import COURSE, HOSTILE, synthetic_class, write_records

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp;"


def exercise(name, points, manual=False):
    return Exercise(name, name.capitalize(), points, () if manual else (name,), manual, 5.0)


TINY = Assignment(
    Path("."),
    "tiny",
    "A tiny GAN",
    1,
    (exercise("generator", 10), exercise("loss", 5), exercise("comparison", 4, manual=True)),
    (),
    Limits(10, 60, 1024),
)
SMALL = Course(Path("."), (TINY,))


def result(name, score, points, status=None, *hints, test_status="failed"):
    status = status or ("passed" if score == points else "partial" if score else "failed")
    tests = tuple(TestResult(name=h, status=test_status, points=0, max_points=1, message="", hint=h) for h in hints)
    return ExerciseResult(id=name, title=name, score=score, max_score=points, status=status, tests=tests)


def graded(student, generator, loss, *hints, **changes):
    score = None if generator is None else generator + loss
    values = {
        "assignment": "tiny",
        "status": "graded",
        "score": score,
        "max_score": 15.0,
        "needs_manual": ("comparison",),
        "isolation": "nested",
        "seconds": 2.0,
        "exercises": (
            result("generator", generator, 10.0, "internal" if generator is None else None, *hints),
            result("loss", loss, 5.0),
        ),
    }
    return Grade(student=student, **(values | changes))


def records(*grades, broken=(), overrides=(), unmatched=()):
    return Records(Path("out"), tuple(grades), tuple(broken), tuple(overrides), tuple(unmatched))


class Page(HTMLParser):
    """What a browser would find: tags, attributes, and the text between them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.pieces, self.raw = [], [], [], {"script": [], "style": []}
        self.feed(html)
        self.close()
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]

    def handle_data(self, data):
        self.raw.get(self.tags[-1] if self.tags else "", self.pieces).append(data)
        if self.tags and self.tags[-1] in self.raw:
            return

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")


def page_of(*grades, due=None, **more):
    return Page(render_report(records(*grades, **more), SMALL, due or {}))


# Numbers


def test_quartiles_are_those_of_numpy_and_of_excel():
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    found = spread(values)
    assert [found.low, found.lower, found.median, found.upper, found.high] == [1, 1.75, 3.5, 5.25, 9]
    assert [found.lower, found.median, found.upper] == list(numpy.percentile(values, [25, 50, 75]))
    assert found.mean == 31 / 8


def test_one_score_is_all_of_its_quartiles_and_no_score_has_none():
    assert (spread([7]).lower, spread([7]).median, spread([7]).upper) == (7, 7, 7)
    assert spread([]) is None


def test_histogram_has_ten_bars_and_a_full_score_lies_in_the_last():
    assert histogram([0, 9.99, 10, 55, 90, 100, 100]) == (2, 1, 0, 0, 0, 1, 0, 0, 0, 3)


def test_numbers_that_somebody_wrote_into_a_record_stay_in_the_picture():
    assert histogram([-5, 1e308 * 10, 250]) == (1, 0, 0, 0, 0, 0, 0, 0, 0, 2)


def test_difficulty_is_the_mean_share_of_the_points():
    found = exercise_statistics([graded("ada", 10, 5), graded("bob", 5, 0), graded("eve", 0, 1)], TINY)
    assert [(e.id, e.count) for e in found] == [("generator", 3), ("loss", 3)]
    assert found[0].share == pytest.approx((1 + 0.5 + 0) / 3)
    assert found[1].share == pytest.approx((1 + 0 + 0.2) / 3)
    assert found[0].outcomes == {"full": 1, "part": 1, "none": 1, "missing": 0, "open": 0}


def test_discrimination_is_the_correlation_with_the_other_exercises():
    generators, losses = [10, 10, 10, 0, 10, 0, 0, 0, 10, 10], [5, 4, 5, 1, 3, 0, 2, 1, 4, 5]
    grades = [graded(f"s{n}", g, p) for n, (g, p) in enumerate(zip(generators, losses, strict=True))]
    found = exercise_statistics(grades, TINY)
    by_hand = numpy.corrcoef(generators, losses)[0, 1]  # the rest of one is the other
    assert found[0].discrimination == pytest.approx(by_hand)
    assert found[1].discrimination == pytest.approx(by_hand)
    # Point-biserial by its own formula: (mean of those right - mean of those wrong) / s * sqrt(p * q)
    right, wrong = [5, 4, 5, 3, 4, 5], [1, 0, 2, 1]
    formula = (numpy.mean(right) - numpy.mean(wrong)) / numpy.std(losses) * (0.6 * 0.4) ** 0.5
    assert found[0].discrimination == pytest.approx(formula)


def test_discrimination_is_unknown_for_a_small_class_and_where_all_are_alike():
    assert item_rest_correlation([0.0, 1.0] * 4, [0.0, 1.0] * 4) is None
    assert item_rest_correlation([1.0] * 20, [float(n) for n in range(20)]) is None
    assert item_rest_correlation([0.0, 1.0] * 5, [0.0, 1.0] * 5) == pytest.approx(1)


def test_an_open_score_is_in_no_share_and_no_correlation():
    settled = [graded(f"s{n}", 10 * (n % 2), 5 * (n % 2)) for n in range(10)]
    (generator, _) = exercise_statistics([*settled, graded("zoe", None, 5)], TINY)
    assert (generator.count, generator.share, generator.outcomes["open"]) == (10, 0.5, 1)
    assert generator.discrimination == pytest.approx(1)


def test_hard_and_easy_exercises_are_marked_in_a_class_that_is_large_enough():
    grades = [graded(f"s{n}", 10, n % 2) for n in range(10)]
    text = page_of(*grades).text
    assert "Generator 10 points 10 full marks easy 100 %" in text
    assert "Loss 5 points 5 part of the points, 5 no points hard 10 %" in text
    assert " easy 100 %" not in page_of(*grades[:9]).text


def test_a_mistake_counts_once_for_a_student_and_what_has_no_hint_is_named_by_what_happened():
    grades = [
        graded("ada", 2, 5, "Sum or mean?", "Sum or mean?", "Detached?"),
        graded("bob", 0, 5, "Sum  or\nmean?"),
        graded("eve", 0, 5, ""),
        graded("zoe", None, 5, "Sum or mean?", status="internal_error"),  # ours, whatever else it looks like
        graded("kim", 10, 5, "of a test that passed", exercises=(result("generator", 10, 10, None, "no"),)),
    ]
    assert [(m.text, m.students, m.hinted) for m in mistakes(grades, TINY)] == [
        ("Sum or mean?", 2, True),
        ("Detached?", 1, True),
        ("wrong in a way that has no hint yet", 1, False),
    ]


def test_the_five_numbers_lie_on_the_axis_of_the_bars():
    chart = draw_histogram([0, 25, 50, 75, 100])
    assert (chart.low, chart.lower, chart.median, chart.upper, chart.high) == (3, 26.5, 50, 73.5, 97)
    assert [bar.count for bar in chart.bars] == [1, 0, 1, 0, 0, 1, 0, 1, 0, 1]
    assert max(bar.height for bar in chart.bars) == 126


def test_parts_of_a_stack_fill_its_width():
    stack = draw_stack({"full": 3, "part": 0, "none": 1, "missing": 0, "open": 0})
    assert [(s.outcome, s.x, s.width) for s in stack.segments] == [("full", 0, 75), ("none", 75, 25)]


# Words


def test_a_small_class_is_told_as_worked_out_by_hand():
    text = page_of(
        graded("ada", 10, 5),
        graded("bob", 5, 0, "Sum or mean?"),
        graded("eve", 0, 0, status="unreadable", message="a web page"),
        graded("kim", 0, 0, status="missing", needs_manual=()),
    ).text
    assert "2 graded submissions of 4, 15 points by the suite" in text
    assert "Median 67 %; half of the class lies between 50 % and 83 % (the box); mean 67 %." in text  # 100 and 33 %
    assert "Generator 10 points 1 full marks, 1 part of the points 75 % n.a." in text
    assert "Sum or mean? Generator 1 50 %" in text
    assert "eve tiny unreadable : a web page" in text
    assert "A tiny GAN, Comparison: 3 answers" in text
    assert "median 2.0 s, three of four within 2.0 s, slowest 2.0 s" in text


def test_what_needs_a_person_lists_failures_broken_records_and_lost_overrides():
    override = Override(student="ada", assignment="tiny", exercise="loss", score=4, reason="Shown in the lab.")
    page = page_of(
        graded("ada", 10, 4),
        graded("bob", None, 0, status="internal_error", message="ZeroDivisionError"),
        broken=[BrokenRecord("eve", "tiny", "no JSON")],
        overrides=[override],
        unmatched=["overrides.toml: adda: no such student"],
    )
    for words in (
        "bob tiny the grader failed : ZeroDivisionError",
        "eve tiny record broken : no JSON",
        "override lost : overrides.toml: adda: no such student",
        "ada tiny, loss 4 Shown in the lab.",
        "1 record could not be read and is in no number of this page",
    ):
        assert words in page.text
    assert "eve – broken" in page.text  # has a row among the students all the same


def test_late_is_not_known_without_a_due_date_and_counted_with_one():
    grades = [graded("ada", 10, 5, submitted_at="2026-03-09T23:00:00+00:00"), graded("bob", 10, 5)]
    assert "not known: name the due date by --due" in page_of(*grades).text
    due = parse_due(["tiny=2026-03-09T23:59+01:00"], SMALL)
    page = page_of(*grades, due=due)
    assert "Late 1 Time" in page.text
    assert "1 answer waits, late" in page.text


@pytest.mark.parametrize("value", ["tiny", "tiny=tomorrow", "tinny=2026-03-09"])
def test_a_due_date_that_is_none_is_refused(value):
    with pytest.raises(GraderError, match=f"--due {value}"):
        parse_due([value], SMALL)


def test_a_total_counts_a_missing_notebook_and_leaves_out_what_waits_for_a_person():
    def row(**changes):
        grades = (graded("ada", 10, 5), graded("ada", 0, 0, assignment="second", **changes))
        course = Course(Path("."), (TINY, replace(TINY, name="second", order=2)))
        return Page(render_report(records(*grades), course, {})).text

    assert "ada 50 % 15 missing 4.0" in row(status="missing")
    assert "ada 100 % 15 unreadable 4.0" in row(status="unreadable")
    assert "ada 100 % 15 open 4.0" in row(status="internal_error", score=None)


def test_a_class_without_any_score_still_has_a_page():
    text = page_of(graded("ada", 0, 0, status="missing", needs_manual=())).text
    assert "No scores yet." in text
    assert "No graded submission yet." in text


# What must not happen


def page_full_of(text):
    """The page of a student who put this text wherever they can."""
    broken = graded(text, 2, 0, text, status="internal_error", message=text, repairs=(text,), submitted_at=text)
    fine = graded(text, 2, 0, text, repairs=(text,), isolation=text, versions={text: text}, needs_manual=(text,))
    override = Override(student=text, assignment="tiny", exercise="loss", score=1, reason=text)
    return page_of(fine, broken, broken=[BrokenRecord(text, "tiny", text)], overrides=[override], unmatched=[text])


@pytest.mark.parametrize("attack", [ATTACK, "{{ 7 * 7 }}{% raw %}", "</style></title></script>" + ATTACK, "]]>--><!--"])
def test_text_from_a_student_stays_text(attack):
    plain, hostile = page_full_of("word-of-a-student"), page_full_of(attack)
    assert hostile.tags == plain.tags
    assert [(tag, name) for tag, name, _ in hostile.attributes] == [(tag, name) for tag, name, _ in plain.attributes]
    assert hostile.text.count(attack) == plain.text.count("word-of-a-student") > 12


def test_colour_codes_go_and_characters_that_turn_text_around_are_shown():
    text = page_full_of("\u202eada \x1b[1;31mred\x1b[0m \x07").text
    assert r"\u202eada red \u0007" in text
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", text)


def test_only_the_script_and_the_style_that_the_policy_names_are_in_the_page():
    page = page_of(graded("ada", 10, 5))
    policy = next(value for tag, name, value in page.attributes if name == "content" and "default-src" in value)
    for kind in ("script", "style"):
        (found,) = page.raw[kind]
        digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not {"link", "iframe", "img", "object", "embed", "base"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    links = [value for _, name, value in page.attributes if name in ("src", "href", "action", "srcset", "data")]
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"url\((?!#)|@import", page.raw["style"][0])


def test_links_lead_to_places_of_the_page_and_no_id_is_twice():
    page = Page(render_report(records(*synthetic_class(20)), COURSE, {}))
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    named = [v for _, name, v in page.attributes if name in ("aria-labelledby", "aria-describedby", "for")]
    targets = {value[1:] for _, name, value in page.attributes if name == "href"}
    assert targets | {one for value in named for one in value.split()} <= set(ids)


def test_the_same_records_give_the_same_bytes(tmp_path):
    folder = write_records(tmp_path, [grade for grade in synthetic_class(40) if "/" not in grade.student])
    first = write_report(folder, COURSE).read_bytes()
    assert write_report(folder, COURSE).read_bytes() == first
    found = read_records(folder, COURSE)
    again = records(*reversed(found.grades))
    ordered = records(*sorted(again.grades, key=lambda grade: (grade.student, grade.assignment)))
    assert render_report(ordered, COURSE, {}).encode() == first


def test_names_of_every_kind_are_in_the_table_of_students():
    text = Page(render_report(records(*synthetic_class(10)), COURSE, {})).text
    assert all(name in text for name in HOSTILE if "\u202e" not in name)


def contrast(one, other):
    """Contrast ratio of two colours as WCAG 2 defines it."""

    def luminance(colour):
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_has_enough_contrast_by_day_and_by_night():
    styles = page_of(graded("ada", 10, 5)).raw["style"][0]
    blocks = re.findall(r":root \{[^}]*\}", styles)
    by_day, by_night = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", block)) for block in blocks[:2]]
    assert by_day != by_night
    for colours in (by_day, by_night):
        texts = [(colours[ink], colours[ground]) for ink in ("ink", "soft", "warn") for ground in ("paper", "card")]
        assert min(contrast(*pair) for pair in texts) >= 4.5  # WCAG 2.2, level AA, text
        shapes = [(colours["mark"], colours["card"]), (colours["edge"], colours["paper"])]
        shapes += [(colours["mark"], colours["track"]), (colours["ink"], colours["mark-bg"])]
        assert min(contrast(*pair) for pair in shapes) >= 3  # the same for what is drawn
