"""The copy of a submission that formgrader renders on the instructor's origin."""

import copy

import nbformat
import pytest

from autograder.autograded import (
    cell_source,
    copy_for_formgrader,
    harmless_markdown,
    notice_for_formgrader,
    read_autograded,
    write_autograded,
)
from autograder.errors import GraderError


def settings(name, points=None):
    return {"nbgrader": {"grade_id": name, "grade": points is not None, "solution": True, "points": points}}


@pytest.fixture
def master():
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Tiny", id="title"),
            nbformat.v4.new_code_cell("def generator(): ...", id="generator", metadata=settings("generator", 10)),
            nbformat.v4.new_markdown_cell("Why?", id="comparison", metadata=settings("comparison", 4)),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


@pytest.fixture
def answered(master):
    return copy.deepcopy(master)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>steal()</script>", "< script>steal()< /script>"),
        ("<!-- x --><?php", "< !-- x -->< ?php"),
        ("$a<b$, `x<y`", "$a< b$, `x< y`"),
        ("a < b, 1<2, a <= b, <- x", "a < b, 1<2, a <= b, <- x"),
    ],
)
def test_no_tag_opens_and_the_text_stays_readable(text, shown):
    assert harmless_markdown(text) == shown


def test_outputs_attachments_and_metadata_of_a_student_are_left_out(master, answered):
    answered.cells[1].outputs = [nbformat.v4.new_output("display_data", {"text/html": "<script>"})]
    answered.cells[1].metadata["nbgrader"]["points"] = 1000
    answered.cells[1].metadata["tags"] = ['"><script>']
    answered.cells[2].source = "Because."
    answered.cells[2]["attachments"] = {"x.svg": {"image/svg+xml": "PHN2Zz4="}}
    answered.metadata["title"] = "<script>"
    shown = copy_for_formgrader(answered, master)
    assert "<script" not in nbformat.writes(shown)
    assert not shown.cells[1].outputs
    assert shown.cells[1].metadata == master.cells[1].metadata
    assert "attachments" not in shown.cells[2]


def test_html_of_a_student_is_text_in_answers_prose_and_raw_cells(master, answered):
    answered.cells[2].source = "<img src=x onerror=steal()>"
    answered.cells.append(nbformat.v4.new_markdown_cell("<b>"))
    answered.cells.append(nbformat.v4.new_raw_cell("<iframe src='//evil'>"))
    shown = copy_for_formgrader(answered, master)
    assert [cell.source for cell in shown.cells[2:]] == [
        "< img src=x onerror=steal()>",
        "< b>",
        "< iframe src='//evil'>",
    ]


def test_html_and_pictures_of_the_master_are_kept(master, answered):
    master.cells[0].source = answered.cells[0].source = "Look: <em>this</em> ![it](attachment:it.png)"
    master.cells[0].attachments = {"it.png": {"image/png": "AAAA"}}
    answered.cells[0].attachments = {"it.png": {"image/svg+xml": "PHN2Zz4="}}
    shown = copy_for_formgrader(answered, master)
    assert shown.cells[0].source == master.cells[0].source
    assert shown.cells[0].attachments == master.cells[0].attachments


def test_a_cell_that_claims_an_id_a_second_time_does_not_get_it(master, answered):
    answered.cells.append(copy.deepcopy(answered.cells[1]))
    shown = copy_for_formgrader(answered, master)
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in shown.cells].count("generator") == 1
    assert len({cell.id for cell in shown.cells}) == len(shown.cells)


@pytest.mark.parametrize("cell_id", ['"><script>', "", 7, None, "x" * 65])
def test_a_cell_id_that_is_none_is_replaced(master, answered, cell_id):
    answered.cells[0]["id"] = cell_id
    assert copy_for_formgrader(answered, master).cells[0].id == "student-cell-0"


@pytest.mark.parametrize("metadata", [[], "x", {"nbgrader": 3}, {"nbgrader": {"grade_id": ["generator"]}}])
def test_metadata_of_any_shape_is_survived(master, answered, metadata):
    answered = dict(answered)
    answered["cells"] = [{"cell_type": "code", "id": "a", "metadata": metadata, "source": ["x = 1\n", "y = 2"]}]
    (cell,) = copy_for_formgrader(answered, master).cells
    assert (cell.source, cell.metadata) == ("x = 1\ny = 2", {})


def test_a_notice_stands_above_the_empty_assignment(master):
    shown = notice_for_formgrader("found <b>HTML", master)
    assert shown.cells[0].source == "**found < b>HTML**"
    assert [cell.source for cell in shown.cells[1:]] == [cell.source for cell in master.cells]


def test_what_was_written_is_read_again_and_nothing_is_read_from_a_broken_file(master, tmp_path):
    path = tmp_path / "ada" / "tiny.ipynb"
    assert read_autograded(path) is None
    write_autograded(path, master)
    assert cell_source(read_autograded(path), "comparison") == "Why?"
    path.write_text("{")
    assert read_autograded(path) is None


def test_nothing_handed_in_leaves_an_empty_folder(master, tmp_path):
    write_autograded(tmp_path / "ada" / "tiny.ipynb", master)
    write_autograded(tmp_path / "ada" / "tiny.ipynb", None)
    assert list((tmp_path / "ada").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(master, tmp_path):
    (tmp_path / "ada").write_text("a file where a folder should be")
    with pytest.raises(GraderError, match=r"tiny\.ipynb: cannot be written"):
        write_autograded(tmp_path / "ada" / "tiny.ipynb", master)
