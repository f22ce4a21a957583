"""The page a student reads."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.classbook import Override, apply_overrides
from autograder.course import Assignment, Exercise, Limits
from autograder.errors import GraderError
from autograder.feedback import render_feedback, write_feedback
from autograder.results import CellResult, ExerciseResult, Grade, TestResult

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp;"


def exercise(name, points, manual=False):
    return Exercise(name, f"The {name}", points, () if manual else (name,), manual, 5.0)


TINY = Assignment(
    Path("."),
    "tiny",
    "A tiny GAN",
    1,
    (exercise("generator", 10), exercise("loss", 5), exercise("comparison", 4, manual=True)),
    (),
    Limits(10, 60, 1024),
)


def checked(status="failed", message="off by 8", hint="Sum or mean?", name="Averages over the batch"):
    return TestResult(name=name, status=status, points=0, max_points=3, message=message, hint=hint)


def graded(student="ada", loss=2.0, tests=(), **changes):
    loss_status = "internal" if loss is None else "partial"
    values = {
        "assignment": "tiny",
        "status": "graded",
        "score": 12.0,
        "max_score": 15.0,
        "needs_manual": ("comparison",),
        "exercises": (
            ExerciseResult(id="generator", title="The generator", score=10.0, max_score=10.0, status="passed"),
            ExerciseResult(
                id="loss", title="The loss", score=loss, max_score=5.0, status=loss_status, tests=tuple(tests)
            ),
        ),
    }
    return Grade(student=student, **(values | changes))


class Page(HTMLParser):
    """What a browser would find: tags, attributes, and the text between them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.pieces, self.styles = [], [], [], []
        self.feed(html)
        self.close()
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]

    def handle_data(self, data):
        (self.styles if self.tags and self.tags[-1] == "style" else self.pieces).append(data)


def page_of(grade, **more):
    return Page(render_feedback(grade, TINY, **more))


def test_score_exercises_tests_messages_and_hints_are_there():
    text = page_of(graded(tests=[checked(), checked("passed", name="Right shape", message="", hint="")])).text
    assert "12 of 15 points" in text
    assert "The loss ◐ partly right 2 of 5 points" in text
    assert "Averages over the batch 0 / 3 · not passed off by 8 Hint: Sum or mean?" in text
    assert "1 test passed" in text
    assert "Right shape" in text


def test_what_waits_for_a_person_is_shown_with_the_answer_and_its_points():
    text = page_of(graded(), answers={"comparison": "It varies & more."}).text
    assert "and 4 points that a person will give" in text
    assert "The comparison (4 points) It varies & more." in text


def test_nothing_waits_once_the_question_has_a_score():
    override = Override(student="ada", assignment="tiny", exercise="comparison", score=3, reason="Told in person")
    text = page_of(apply_overrides(graded(), TINY, [override]), overrides=[override]).text
    assert "Waiting for a person" not in text
    assert "15 of 19 points" in text
    assert "Set by an instructor: Told in person" in text


def test_repairs_and_cells_that_stopped_are_shown():
    cells = (
        CellResult(id="show", status="error", error="\x1b[31mNameError\x1b[0m: x"),
        CellResult(id="train", status="skipped"),
    )
    text = page_of(graded(repairs=("cell loss appeared twice",), cells=cells)).text
    assert "cell loss appeared twice" in text
    assert "Cell show ✗ stopped with an error NameError: x" in text
    assert "train" not in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("missing", "No notebook arrived"),
        ("unreadable", "could not be read"),
        ("internal_error", "This is our fault, not yours, and nothing is lost"),
    ],
)
def test_a_submission_without_a_full_grade_is_explained_kindly(status, words):
    assert words in page_of(graded(status=status, score=None, exercises=())).text


def test_our_own_failure_shows_neither_zero_points_nor_what_broke():
    broken = checked("internal", message="ZeroDivisionError in test_loss.py", hint="expected 0.693")
    grade = graded(status="internal_error", score=None, loss=None, tests=[broken], message="Traceback: 0.693")
    text = page_of(grade).text
    assert "– of 5 points" in text
    assert "it costs you nothing" in text
    assert "0.693" not in text
    assert "test_loss" not in text


def page_full_of(text):
    """The page of a student who put this text wherever they can."""
    grade = graded(
        text,
        tests=[checked(name=text, message=text, hint=text)],
        message=text,
        repairs=(text,),
        submitted_at=text,
        cells=(CellResult(id=text, status="error", error=text),),
    )
    override = Override(student=text, assignment="tiny", exercise="generator", score=1, reason=text)
    grade = apply_overrides(grade, TINY, [override])
    return page_of(grade, answers={"comparison": text}, overrides=[override])


@pytest.mark.parametrize("attack", [ATTACK, "{{ 7 * 7 }}{% raw %}", "</style></title></pre>" + ATTACK, "]]>--><!--"])
def test_text_from_a_student_stays_text(attack):
    plain, hostile = page_full_of("word-of-a-student"), page_full_of(attack)
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert hostile.text.count(attack) == plain.text.count("word-of-a-student") == 12


def test_colour_codes_go_and_characters_that_turn_text_around_are_shown():
    text = page_of(graded("\u202eada", tests=[checked(message="\x1b[1;31mred\x1b[0m \x07 \u2066x")])).text
    assert r"\u202eada" in text
    assert r"red \u0007 \u2066x" in text
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e\u2066-\u2069]", text)


def test_the_page_holds_no_script_and_loads_nothing():
    page = page_of(graded(tests=[checked()]))
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(page.tags)
    addresses = [value for _, name, value in page.attributes if name in ("src", "href", "action", "srcset", "data")]
    assert all(address.startswith("#") for address in addresses)
    assert not re.search(r"url\(|@import", "".join(page.styles))
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_the_page_is_fit_for_phones_and_for_readers_aloud():
    page = page_of(graded(tests=[checked()]))
    assert ("html", "lang", "en") in page.attributes
    assert ("meta", "content", "width=device-width, initial-scale=1") in page.attributes
    assert ("svg", "aria-label", "80 % of the points") in page.attributes
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in page.attributes if name == "href"} <= set(ids)


def contrast(one, other):
    """Contrast ratio of two colours as WCAG 2 defines it."""

    def luminance(colour):
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_text_colour_has_enough_contrast_by_day_and_by_night():
    styles = "".join(page_of(graded()).styles)
    palettes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{[^}]*\}", styles)
    ]
    by_day, by_night = palettes[:2]
    for colours in (by_day, by_night):
        pairs = [(colours[tone], colours[f"{tone}-bg"]) for tone in ("good", "part", "bad", "none", "ours")]
        pairs += [(colours[ink], colours[ground]) for ink in ("ink", "soft") for ground in ("paper", "card")]
        pairs += [(colours["ink"], colours[ground]) for ground in ("part-bg", "ours-bg")]
        assert min(contrast(*pair) for pair in pairs) >= 4.5  # WCAG 2.2, level AA


def test_the_page_lies_where_the_student_looks_for_it(tmp_path):
    path = write_feedback(tmp_path, graded(), TINY)
    assert path == tmp_path / "feedback" / "ada" / "tiny.html"
    assert path.read_text(encoding="utf-8") == render_feedback(graded(), TINY)


def test_a_name_that_leads_elsewhere_is_refused(tmp_path):
    with pytest.raises(GraderError, match="expected the name of one folder"):
        write_feedback(tmp_path / "out", graded("../../evil"), TINY)
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_half_a_character_can_be_written(tmp_path):
    assert write_feedback(tmp_path, graded("a\udce9"), TINY).is_file()
