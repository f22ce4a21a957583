"""Text → source notebook: deterministic, complete metadata, and errors that name place, expected and got."""

from pathlib import Path

import nbformat
import pytest

from autograder import markers, percent
from autograder.author import build_source, encode_notebook, source_files
from autograder.course import load_course
from autograder.errors import AuthorError
from autograder.percent import read_text


def cells_of(notebook):
    return {cell.id: cell for cell in notebook.cells}


def reload(assignment):
    return load_course(assignment.root).assignment(assignment.name)


def test_second_build_gives_the_same_bytes(tiny):
    assert encode_notebook(build_source(tiny)) == encode_notebook(build_source(reload(tiny)))


def test_notebook_is_valid_and_holds_every_cell_in_order(tiny):
    notebook = build_source(tiny)
    nbformat.validate(notebook)
    roles = [cell.metadata.autograder.role for cell in notebook.cells]
    assert roles == ["prose", "setup", "exercise", "check", "training", "show", "show", "question"]


def test_cell_ids_are_names_or_come_from_content(tiny):
    ids = [cell.id for cell in build_source(tiny).cells]
    assert ids[1:5] == ["imports", "scale", "scale_check", "train_scale"]
    assert ids[7] == "reason"
    assert ids[6] == f"{ids[5]}-2"  # the same content twice
    assert ids[0].startswith("prose-")
    assert ids[5].startswith("show-")


def test_id_of_a_cell_without_name_survives_a_change_elsewhere(tiny, edit):
    before = build_source(tiny).cells[0].id
    edit(tiny.text, 'print("shown")', 'print("other")')
    assert build_source(tiny).cells[0].id == before


def test_exercise_and_question_carry_points_and_are_solutions(tiny):
    cells = cells_of(build_source(tiny))
    common = {"grade": True, "solution": True, "locked": False, "schema_version": 3, "task": False}
    assert cells["scale"].metadata.nbgrader == {**common, "grade_id": "scale", "points": 3}
    assert cells["reason"].metadata.nbgrader == {**common, "grade_id": "reason", "points": 1.5}
    assert cells["reason"].cell_type == "markdown"


def test_setup_and_check_are_locked_without_points(tiny):
    cells = cells_of(build_source(tiny))
    common = {"grade": False, "solution": False, "locked": True, "schema_version": 3, "task": False}
    assert cells["imports"].metadata.nbgrader == {**common, "grade_id": "imports"}
    assert cells["scale_check"].metadata.nbgrader == {**common, "grade_id": "scale_check"}


def test_training_show_and_prose_cells_are_none_of_nbgraders(tiny):
    for cell in build_source(tiny).cells:
        if cell.metadata.autograder.role in ("training", "show", "prose"):
            assert "nbgrader" not in cell.metadata


def test_notebook_names_entry_points_and_a_fixed_kernel_and_nothing_of_jupytext(tiny):
    metadata = build_source(tiny).metadata
    assert metadata.autograder == {"assignment": "tiny", "exercises": {"scale": ["scale"]}}
    assert metadata.kernelspec.name == "python3"
    assert set(metadata) == {"autograder", "kernelspec", "language_info"}
    assert "version" not in metadata.language_info


def test_comments_that_look_like_commands_stay_comments(tiny, edit):
    edit(tiny.text, "import torch", "# cat both halves\n# %matplotlib inline\nimport torch")
    assert cells_of(build_source(tiny))["imports"].source.startswith("# cat both halves\n# %matplotlib inline\n")


def test_source_folder_holds_module_and_data(tiny):
    files = source_files(tiny)
    assert set(files) == {"tiny.ipynb", "course.py", "data/points.csv"}
    assert files["data/points.csv"] == b"x,y\n0,1\n"


def test_data_folder_stands_for_its_files(tiny, edit):
    folder = tiny.root / "assignments/data/faces"
    folder.mkdir()
    (folder / "one.txt").write_text("1")
    edit(tiny.text.with_name("assignment.toml"), '"points.csv"', '"faces"')
    assert "data/faces/one.txt" in source_files(reload(tiny))


@pytest.mark.parametrize("entry", ["pionts.csv", "../course.py"])
def test_data_that_is_not_there_is_refused(tiny, edit, entry):
    edit(tiny.text.with_name("assignment.toml"), "points.csv", entry)
    with pytest.raises(AuthorError, match=r"expected a file or folder of assignments/data"):
        source_files(reload(tiny))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '# %% exercise="scale"',
            '# %% exercize="scale"',
            r"line 8: unknown header key 'exercize'; did you mean 'exercise'\?",
        ),
        ('# %% check="scale"', '# %% check="scael"', r"line 19: check 'scael' is no exercise .*did you mean 'scale'\?"),
        ('# %% exercise="scale"', '# %% exercise="scael"', r"line 8: exercise 'scael' .*did you mean 'scale'\?"),
        (
            'question="reason"',
            'question="raeson"',
            r"question 'raeson' is no manual exercise .*did you mean 'reason'\?",
        ),
        ('# %% check="scale"\n', "# %%\n", r'expected a cell check="scale" .*found none'),
        ('# %% [markdown] question="reason"', '# %% question="reason"', r"expected '# %% \[markdown\] question"),
        ('# %% setup="imports"', '# %% [markdown] setup="imports"', r"got setup in a markdown cell"),
        (
            '# %% setup="imports"',
            '# %% setup="scale"',
            r"line 8: expected a name used once, got 'scale' again .*line 5",
        ),
        ('# %% setup="imports"', '# %% setup="scale_check"', r"expected a name used once, got 'scale_check'"),
        ('# %% setup="imports"', '# %% setup="Imports"', r"expected setup to be lower-case letters"),
        ('# %% setup="imports"', "# %% setup=imports", r"line 5: unknown header key"),
        (
            '# %% setup="imports"',
            '# %% setup="imports" check="scale"',
            r"expected one key in a header, got setup, check",
        ),
        ('# %% setup="imports"', '# %% imports setup="imports"', r"found 'imports' in a header; expected \[markdown\]"),
        ("# %% [markdown]\n# # Tiny", "# %% [markdwon]\n# # Tiny", r"line 1: found '\[markdwon\]' in a header"),
        ("# %% [markdown]\n# # Tiny", "# %% [raw]\n# # Tiny", r"got a raw cell"),
        ('# %% setup="imports"', '# %%setup="imports"', r"line 5: expected a cell header '# %% ...'"),
        ('print("shown")', "%matplotlib inline", r"expected Python \(no magics\), got"),
        ("# %% [markdown]\n# # Tiny", "x = 1\n\n# %% [markdown]\n# # Tiny", r"look for text before the first header"),
        ('print("shown")', 'print("""\n# %% no header\n""")', r"or a header inside a string"),
    ],
)
def test_fault_in_the_text_is_named_with_its_line(tiny, edit, old, new, message):
    edit(tiny.text, old, new)
    with pytest.raises(AuthorError, match=rf"^assignments/tiny/tiny\.py.*{message}"):
        build_source(tiny)


def test_check_above_its_exercise_is_refused(tiny, edit):
    edit(tiny.text, '# %% setup="imports"', '# %% check="scale"')
    edit(tiny.text, '# %% check="scale"\nassert', '# %% setup="imports"\nassert')
    with pytest.raises(AuthorError, match=r"line 5: expected the check of 'scale' under its exercise"):
        build_source(tiny)


def test_exercise_of_the_description_without_a_cell_is_refused(tiny, edit):
    shift = '[[exercise]]\nid = "shift"\ntitle = "Shift"\npoints = 1\nentry_points = ["shift"]\n\n'
    reason = '[[exercise]]\nid = "reason"'
    edit(tiny.text.with_name("assignment.toml"), reason, shift + reason)
    with pytest.raises(AuthorError, match=r'expected a cell exercise="shift"'):
        build_source(reload(tiny))


def test_missing_text_is_named(tiny):
    tiny.text.unlink()
    with pytest.raises(AuthorError, match=r"tiny\.py: expected the assignment's text"):
        build_source(tiny)


def test_mistyped_marker_stops_the_build_with_line_and_cell(tiny, edit):
    edit(tiny.text, "    ### BEGIN SOLUTION", "    ### BEGIN SOLUTON")
    expected = r'tiny\.py, cell "scale", line 14: found .*did you mean .* \(and 1 more: `autograder check` lists them\)'
    with pytest.raises(AuthorError, match=expected):
        build_source(tiny)


def test_lines_of_text_cells_are_those_of_the_file(tiny):
    lines = tiny.text.read_text().splitlines()
    for cell in read_text(tiny):
        assert lines[cell.line - 1].startswith("# %%")
        assert tuple(lines[cell.line : cell.line + len(cell.lines)]) == cell.lines


def test_every_header_key_is_explained_to_authors():
    readme = (Path(__file__).parents[1] / "assignments/README.md").read_text()
    for key in percent.KEYS:
        assert f'{key}="' in readme
    assert markers.BEGIN in readme
    assert markers.END in readme
