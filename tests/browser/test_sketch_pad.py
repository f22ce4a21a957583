"""The sketch pad at the end of pix2pix: a student runs the notebook in JupyterLab, draws, and sees the photo change."""

import json
import shutil
import time
from pathlib import Path

import pytest

from autograder.course import find_root

pytest.importorskip("playwright", reason="playwright is not installed (extra `dev`)")
from playwright.sync_api import expect

expect.set_options(timeout=60_000)  # a bound, not a pause

ROOT = find_root(Path(__file__).parent)
NOTEBOOK_SECONDS, STROKE_SECONDS = 400, 60  # bounds, not pauses
READ_PICTURE = "async picture => [...new Uint8Array(await (await fetch(picture.src)).arrayBuffer())]"


@pytest.fixture
def page(open_page, tmp_path):
    """The notebook with its solutions, run from top to bottom in the smoke profile."""
    folder = shutil.copytree(ROOT / "source" / "pix2pix", tmp_path / "course")
    settings = tmp_path / "config" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    whole = {"windowingMode": "none"}  # otherwise only the cells in sight are in the page
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(whole))
    variables = {"GAN_COURSE_PROFILE": "smoke", "GAN_COURSE_DATA": str(tmp_path / "data")}
    with open_page(folder, "/lab/tree/pix2pix.ipynb", "jupyterlab", **variables) as tab:
        expect(tab.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()  # the menu is complete then
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_text("Run All Cells", exact=True).click()
        expect(tab.locator(".sketch-pad-photo")).to_be_visible(timeout=1000 * NOTEBOOK_SECONDS)
        yield tab


def read_photo(page):
    return page.locator(".sketch-pad-photo").evaluate(READ_PICTURE)


def await_photo(page, accept):
    """The photo, once it is as asked for."""
    end = time.monotonic() + STROKE_SECONDS
    while not accept(photo := read_photo(page)):
        assert time.monotonic() < end, "the photo never became what it should be"
        page.wait_for_timeout(100)
    return photo


def draw(page, *points):
    """A stroke with the mouse, points in parts of the sheet's width and height."""
    sheet = page.locator("canvas.sketch-pad, .sketch-pad canvas").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def test_strokes_are_painted_and_a_new_sheet_is_white_again(page):
    blank = read_photo(page)
    draw(page, (0.2, 0.2), (0.2, 0.8), (0.9, 0.8), (0.9, 0.6))
    once = await_photo(page, lambda photo: photo != blank)
    draw(page, (0.2, 0.2), (0.5, 0.2), (0.6, 0.6), (0.9, 0.6))
    await_photo(page, lambda photo: photo not in (blank, once))
    page.locator(".sketch-pad-clear").click()
    await_photo(page, lambda photo: photo == blank)
    page.locator(".sketch-pad-sample").click()
    await_photo(page, lambda photo: photo not in (blank, once))
