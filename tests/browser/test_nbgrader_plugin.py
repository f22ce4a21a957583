"""formgrader with our plug-in: what an instructor reads after `nbgrader autograde`, and after pressing its button."""

import re

import pytest

from tests.nbgrader.courses import SQUARED, build_course, make_nbgrader_course, processes_of

pytest.importorskip("playwright", reason="playwright is not installed (extra `dev`)")
from playwright.sync_api import expect

expect.set_options(timeout=120_000)  # a bound, not a pause: one press imports torch


@pytest.fixture
def course(tmp_path):
    """Two students have handed in; bruno's is autograded by the command."""
    course = make_nbgrader_course(tmp_path / "nbgrader", build_course(tmp_path / "ours"))
    course.run("-r", str(tmp_path / "ours/source/small"), "source", program="cp")
    course.run("generate_assignment", "small")
    course.hand_in("amina", course.write_notebook(double=SQUARED, reason="Why?\n\nBecause."))
    course.hand_in("bruno", course.write_notebook())
    course.run("autograde", "small", "--student", "bruno")
    return course


def expect_submission(page, student, status, score):
    """One row of the table of submissions."""
    cells = page.get_by_role("row", name=student).get_by_role("gridcell")
    expect(cells.nth(3)).to_have_text(status)
    expect(cells.nth(4)).to_have_text(score)


def press(page, student, button):
    """Press one of the buttons in a student's row, and close the message that it was done."""
    page.get_by_role("row", name=student).locator(f".{button} a").click()
    message = page.locator("#success-modal")
    expect(message).to_contain_text(f"'{student}'")
    message.get_by_role("button", name="OK").click()
    expect(message).to_be_hidden()


def test_a_press_of_the_button_grades_in_the_sandbox_and_the_score_and_the_hint_appear(open_page, course, tmp_path):
    extension = "nbgrader.server_extensions.formgrader"
    with open_page(course.folder, "/formgrader/manage_submissions/small", extension) as page:
        expect_submission(page, "bruno", "graded", "5 / 6")
        expect_submission(page, "amina", "needs autograding", "")
        press(page, "amina", "autograde")
        expect_submission(page, "amina", "needs manual grading", "3 / 6")
        press(page, "amina", "generate-feedback")
        feedback = course.folder / "feedback/amina/small/small.html"
        assert "Did you square?" in feedback.read_text()

        page.goto("/formgrader/gradebook/small/small")
        page.get_by_role("row").filter(has_text="3 / 6").get_by_role("link").click()
        expect(page.locator("#double")).to_have_attribute("placeholder", "1")
        expect(page.locator("#halve")).to_have_attribute("placeholder", "2")
        expect(page.locator("#reason")).to_have_value("")
        hint = re.compile(r"^- Twice the input \(0 / 2\): .*\. Hint: Did you square\?$")
        expect(page.locator("#double-comment")).to_have_attribute("placeholder", hint)
    assert processes_of(tmp_path) == []
