"""The class report in a real browser: 2,000 students, keyboard, phone width, paper, and without scripts."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.records import Records
from autograder.report import render_report
from tests.browser.conftest import browsing
from tests.synthetic_class import COURSE, synthetic_class

pytest.importorskip("playwright", reason="playwright is not installed (extra `dev`)")
from playwright.sync_api import Page, expect

STUDENTS = 2000
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a class of 2,000 in two assignments."""
    grades = sorted(synthetic_class(STUDENTS), key=lambda grade: (grade.student, grade.assignment))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_report(Records(path.parent, tuple(grades), (), (), ()), COURSE, {}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browsing("about:blank", tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@contextmanager
def without_complaints(tab: Page) -> Iterator[None]:
    """Nothing goes to the console and nothing is asked of the network."""
    said, asked = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.on("request", lambda request: asked.append(request.url))
    yield
    assert said == []
    assert [url for url in asked if not url.startswith("file:")] == []


@pytest.fixture
def page(tab: Page, report: Path) -> Iterator[Page]:
    """The report, opened anew at desktop width."""
    tab.set_viewport_size(DESKTOP)
    with without_complaints(tab):
        tab.goto(report.as_uri())
        yield tab


def names(page: Page) -> list[str]:
    return page.locator("#roster tbody th").all_text_contents()


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#roster tbody td:nth-child({number})").all_text_contents()


def heading(page: Page, name: str):
    return page.locator("#roster thead").get_by_role("button", name=re.compile(f"^{name}"))


def test_two_thousand_students_are_there_at_once_and_fifty_are_shown(tab, report):
    tab.set_viewport_size(DESKTOP)
    with without_complaints(tab):
        begun = time.monotonic()
        tab.goto(report.as_uri())
        expect(tab.locator("#shown")).to_have_text("1 to 50 of 2,000 students")
        seconds = time.monotonic() - begun
    print(f"\n{STUDENTS} students, {report.stat().st_size / 1e6:.1f} MB: open in {seconds:.2f} s")
    assert len(names(tab)) == 50


def test_hostile_names_are_text(page):
    shown = names(page)
    for name in ("<script>alert(1)</script>", "=1+1", "</style><img src=x onerror=alert(1)>"):
        assert name in shown
    page.get_by_label("Name contains").fill("w" * 50)
    assert names(page) == ["w" * 200]


def test_sorting_by_keyboard_goes_up_and_down_and_says_so(page):
    total = heading(page, "Total")
    total.focus()
    page.keyboard.press("Enter")
    percents = [int(text.split()[0]) for text in column(page, 2) if text != "–"]
    assert percents == sorted(percents, reverse=True)
    expect(page.locator("#roster th").nth(1)).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#roster th").nth(0)).not_to_have_attribute("aria-sort", re.compile("."))
    expect(total).to_be_focused()
    page.keyboard.press("Space")
    percents = [int(text.split()[0]) for text in column(page, 2) if text != "–"]
    assert percents == sorted(percents)
    expect(page.locator("#roster th").nth(1)).to_have_attribute("aria-sort", "ascending")


def test_who_has_no_number_comes_last_in_both_directions(page):
    page.get_by_label("Show").select_option("missing")
    for _ in range(2):
        heading(page, "The first GAN").click()
        texts = column(page, 3)
        while page.get_by_role("button", name="Next").is_enabled():
            page.get_by_role("button", name="Next").click()
            texts += column(page, 3)
        numbers = [re.fullmatch(r"[\d.]+", text) is not None for text in texts]
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) == 2


def test_pages_lead_through_the_whole_class(page):
    first = names(page)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#shown")).to_have_text("51 to 100 of 2,000 students")
    assert not set(first) & set(names(page))
    page.get_by_role("button", name="Back").click()
    assert names(page) == first
    expect(page.get_by_role("button", name="Back")).to_be_disabled()


def test_finding_and_filtering_narrow_the_table(page):
    page.get_by_label("Name contains").fill("STUDENT0012")
    assert names(page) == ["student0012"]
    page.get_by_label("Name contains").fill("nobody")
    expect(page.locator("#shown")).to_have_text("No student fits")
    page.get_by_label("Name contains").fill("")
    page.get_by_label("Show").select_option("repaired")
    repairs = column(page, 5)
    assert repairs
    assert all(int(text) > 0 for text in repairs)


def test_enter_in_the_search_field_does_not_leave_the_page(page, report):
    page.get_by_label("Name contains").press("Enter")
    assert page.url == report.as_uri()


def test_paper_has_everybody_who_was_asked_for(page):
    page.get_by_label("Name contains").fill("student00")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(names(page)) == 100
    expect(page.locator("#shown")).to_have_text("100 of 2,000 students")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(names(page)) == 50


def test_nothing_scrolls_sideways_on_a_phone(page):
    page.set_viewport_size(PHONE)
    for details in page.locator("details > summary").all():
        details.click()
    # Only a table in a region of its own may be wider than the page, and the keyboard reaches that region.
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    wide = page.evaluate(
        """[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && !e.closest('svg')
           && e.getBoundingClientRect().right > innerWidth).map(e => e.tagName)"""
    )
    assert wide == []
    for region in page.locator(".scroll").all():
        assert region.get_attribute("tabindex") == "0"
        assert region.get_attribute("aria-label")


def test_without_scripts_everybody_is_in_a_plain_table(tab, report):
    session = tab.context.new_cdp_session(tab)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        tab.goto(report.as_uri())
        expect(tab.locator("#roster tbody tr")).to_have_count(STUDENTS)
        expect(tab.locator("form.controls")).to_be_hidden()
        expect(tab.locator(".pages")).to_be_hidden()
    finally:
        session.send("Emulation.setScriptExecutionDisabled", {"value": False})


# What checkers of accessibility look for first


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_language_title_and_landmarks_are_there(page):
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "Class report"
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Sections")).to_have_count(1)


def test_every_field_button_and_picture_has_a_name(page):
    nameless = page.evaluate(
        """[...document.querySelectorAll('input, select, button, [role=img], [role=region], summary, a')].filter(e =>
           !(e.textContent.trim() || e.labels?.length || e.getAttribute('aria-label')
             || e.getAttribute('aria-labelledby'))).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert nameless == []
    unlabelled = page.evaluate("[...document.querySelectorAll('input, select')].filter(e => !e.labels.length).length")
    assert unlabelled == 0


def test_every_histogram_has_a_description_and_a_table_with_its_numbers(page):
    figures = page.locator("figure").all()
    assert len(figures) == 3
    for figure in figures:
        picture = figure.get_by_role("img")
        assert "median" in picture.locator("desc").text_content()
        figure.locator("summary").click()
        counts = [int(text) for text in figure.locator("tbody td").all_text_contents()]
        drawn = [int(text) for text in picture.locator(".counts text").all_text_contents()]
        assert [count for count in counts if count] == drawn


def test_every_heading_of_a_table_says_what_it_heads(page):
    assert page.evaluate("[...document.querySelectorAll('th')].filter(e => !e.hasAttribute('scope')).length") == 0


def test_the_way_by_keyboard_begins_with_the_link_to_the_students(page):
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the table of students")).to_be_focused()
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0


def test_shapes_differ_without_colour(page):
    """Fill patterns of the outcomes, as drawn: each is another one."""
    kinds = ("full", "part", "none", "missing", "open")
    fills = [page.locator(f".legend .{kind}").first.evaluate("e => getComputedStyle(e).fill") for kind in kinds]
    assert len(set(fills)) == len(kinds)
    assert sum("url(" in fill for fill in fills) == 3
