"""What the reader makes of a student's file: what runs, in which order, what was repaired, what cannot be read."""

import copy
import json
import sys

import pytest

from autograder import submission as reader
from autograder.submission import PlannedCell, Unreadable, read_master, read_submission
from tests.fairness import tiny

MASTER = read_master(tiny.release())


@pytest.fixture
def notebook():
    right = tiny.right()
    for each in right["cells"]:
        each["source"] = "".join(each["source"])
    return right


def read(notebook):
    return read_submission(json.dumps(notebook).encode(), MASTER)


def cell(notebook, name):
    return next(each for each in notebook["cells"] if each["id"] == name)


def new(source, kind="code", **metadata):
    return {"cell_type": kind, "source": source, "metadata": metadata}


def ids(submission):
    return [planned.id for planned in submission.cells]


def by_id(submission):
    return {planned.id: planned for planned in submission.cells}


# --- the master ------------------------------------------------------------------------------------------------------


def test_the_master_knows_exercises_and_questions_from_the_release():
    assert MASTER.exercises["losses"] == ("generator_loss", "discriminator_loss")
    assert MASTER.questions == ("comparison",)
    assert [known.role for known in MASTER.cells.values()][:3] == ["prose", "setup", "prose"]


def test_a_notebook_that_the_course_did_not_build_is_no_master():
    with pytest.raises(KeyError):
        read_master({"cells": [], "metadata": {}})


def test_reading_leaves_the_master_as_it_was(notebook):
    before = copy.deepcopy(MASTER)
    result = read(notebook)
    result.notebook["cells"][1]["metadata"]["nbgrader"]["points"] = 1000
    assert {name: known.metadata for name, known in MASTER.cells.items()} == {
        name: known.metadata for name, known in before.cells.items()
    }


# --- what runs -------------------------------------------------------------------------------------------------------


def test_setup_and_exercises_run_training_gives_definitions_checks_and_pictures_nothing(notebook):
    submission = read(notebook)
    assert ids(submission) == ["imports", "scale", "generator", "data", "losses", "train", "train_networks"]
    assert [planned.run for planned in submission.cells] == ["all"] * 6 + ["definitions"]
    assert by_id(submission)["scale"].exercise == "scale"
    assert by_id(submission)["imports"].exercise is None
    assert (submission.repairs, submission.missing) == ((), ())


def test_the_untouched_release_misses_every_exercise_and_answers_nothing():
    submission = read(tiny.release())
    assert submission.missing == ("scale", "generator", "losses", "train")
    assert submission.answers == {"comparison": ""}
    assert submission.repairs == ()


@pytest.mark.parametrize(
    "source", ["", "# I don't know", "def scale(values, factor):\n    raise NotImplementedError\n\n# later"]
)
def test_an_empty_or_reformatted_stub_is_still_missing(notebook, source):
    docstring = '"""Each value times the factor."""'
    cell(notebook, "scale")["source"] = source.replace("\n    raise", f"\n    {docstring}\n    raise")
    assert read(notebook).missing == ("scale",)


def test_own_cells_run_in_the_students_order(notebook):
    notebook["cells"].insert(4, new("scratch = 1"))
    notebook["cells"].append(new("last = 2"))
    submission = read(notebook)
    assert ids(submission) == [
        "imports", "scale", "cell_5", "generator", "data", "losses", "train", "train_networks", "cell_19",
    ]  # fmt: skip
    assert submission.repairs == ()


def test_the_edited_setup_runs_before_the_masters(notebook):
    cell(notebook, "imports")["source"] = "import math, os\nNOISE_DIM = 100"
    planned = read(notebook).cells[:2]
    assert planned[0].source == "import math, os\nNOISE_DIM = 100"
    assert planned[1] == PlannedCell("imports", None, MASTER.cells["imports"].source, "all")


def test_edited_checks_and_pictures_give_definitions_only(notebook):
    cell(notebook, "scale_check")["source"] += "\ndef mine():\n    return 1"
    cell(notebook, "curves")["source"] = "def smooth(values):\n    return values\n"
    planned = by_id(read(notebook))
    assert planned["scale_check"].run == planned["curves"].run == "definitions"


def test_deleted_setup_is_put_back_before_what_needs_it(notebook):
    notebook["cells"] = [each for each in notebook["cells"] if each["id"] not in ("imports", "data")]
    notebook["cells"].insert(1, new("own = 1"))
    submission = read(notebook)
    assert ids(submission)[:5] == ["imports", "cell_2", "scale", "generator", "data"]
    assert "cell imports: deleted, put back where it belongs" in submission.repairs


def test_ids_in_the_plan_are_unique(notebook):
    notebook["cells"] += copy.deepcopy(notebook["cells"])
    names = ids(read(notebook))
    assert len(names) == len(set(names))


def test_tags_and_points_of_the_student_are_ignored(notebook):
    marks = cell(notebook, "scale")["metadata"]
    marks["tags"] = ["skip-execution"]
    marks["autograder"] = {"role": "show"}
    marks["nbgrader"]["points"] = 1000
    submission = read(notebook)
    assert by_id(submission)["scale"].run == "all"
    restored = next(each for each in submission.notebook["cells"] if each["id"] == "scale")
    assert restored["metadata"] == MASTER.cells["scale"].metadata


def test_an_exercise_disguised_as_training_still_runs(notebook):
    cell(notebook, "train_networks")["source"] = cell(notebook, "scale")["source"]
    notebook["cells"].remove(cell(notebook, "scale"))
    submission = read(notebook)
    assert submission.missing == ()
    assert by_id(submission)["scale"].run == "all"


# --- duplicates, merged and split cells ------------------------------------------------------------------------------


def test_of_two_answers_both_run_and_the_last_wins(notebook):
    at = notebook["cells"].index(cell(notebook, "scale"))
    notebook["cells"].insert(at, copy.deepcopy(cell(notebook, "scale")) | {"source": "def scale(v, f):\n    return 0"})
    submission = read(notebook)
    answers = [planned.source for planned in submission.cells if planned.exercise == "scale"]
    assert "return 0" in answers[0]
    assert "value * factor" in answers[1]
    assert submission.repairs == ("exercise scale: answered 2 times, the last definition counts",)


def test_a_stub_that_the_answer_builds_on_runs_first(notebook):
    stub = tiny.stub(cell(notebook, "generator")["source"])
    cell(notebook, "generator")["source"] = stub
    patch = "def forward(self):\n    return [0] * NOISE_DIM\n\n\nGenerator.forward = forward"
    notebook["cells"].insert(notebook["cells"].index(cell(notebook, "generator")), new(patch))
    submission = read(notebook)
    sources = [planned.source for planned in submission.cells]
    assert sources.index(stub) < sources.index(patch)
    assert submission.missing == ()


def test_training_merged_into_an_exercise_is_cut_out_of_it(notebook):
    merged = cell(notebook, "train")
    training = cell(notebook, "train_networks")
    merged["source"] += "\n\n" + training["source"] + "\n\nafter = 1"
    notebook["cells"].remove(training)
    planned = by_id(read(notebook))
    assert "10**9" not in planned["train"].source
    assert "after = 1" in planned["train"].source
    assert planned["train_networks"].run == "definitions"


def test_lines_that_go_on_behind_a_merged_block_keep_it_whole(notebook):
    merged = cell(notebook, "train")
    merged["source"] += "\n\n" + cell(notebook, "train_networks")["source"] + "\n    print(step)"
    assert "10**9" in by_id(read(notebook))["train"].source


def test_a_merged_cell_bears_one_id_and_the_other_points_to_it(notebook):
    cell(notebook, "scale")["source"] += "\n\n\n" + cell(notebook, "generator")["source"]
    notebook["cells"].remove(cell(notebook, "generator"))
    restored = {each["id"]: each for each in read(notebook).notebook["cells"]}
    assert "class Generator" in restored["scale"]["source"]
    assert restored["generator"]["source"].startswith("# see")
    assert restored["generator"]["metadata"] == MASTER.cells["generator"].metadata


def test_an_old_attempt_quoted_in_prose_stays_prose(notebook):
    notebook["cells"].append(new("```python\ndef scale(values, factor):\n    return 0\n```", "markdown"))
    submission = read(notebook)
    assert not any("return 0" in planned.source for planned in submission.cells)
    assert submission.repairs == ()


# --- ids and kinds ---------------------------------------------------------------------------------------------------


def test_repairs_say_how_a_cell_was_recognised(notebook):
    del cell(notebook, "scale")["metadata"]["nbgrader"]
    cell(notebook, "generator")["metadata"] = {}
    cell(notebook, "generator")["id"] = "something-else"
    assert read(notebook).repairs == (
        "cell scale: metadata restored by cell id",
        "cell generator: metadata restored by function name",
    )


@pytest.mark.parametrize(
    "definition", ["async def scale(v):\n    pass", "scale = lambda v, f: v", "scale: object = 3", "a, scale = 1, 2"]
)
def test_an_answer_is_known_by_any_top_level_definition(notebook, definition):
    notebook["cells"] = [new(definition)]
    assert "scale" not in read(notebook).missing


@pytest.mark.parametrize(
    "source", ["scale == 3", "print(scale)", "def scaled(v):\n    pass", "x.scale = 3", "# def scale(v):"]
)
def test_a_use_of_the_name_is_no_answer(notebook, source):
    notebook["cells"] = [new(source)]
    assert "scale" in read(notebook).missing


def merge_with_prose(notebook, name):
    """As Jupyter merges a cell with the one above: the upper one's kind stays, here Markdown."""
    at = notebook["cells"].index(cell(notebook, name))
    above = notebook["cells"][at - 1]
    assert above["cell_type"] == "markdown"
    above["source"] += "\n\n" + notebook["cells"].pop(at)["source"]


def test_an_answer_merged_into_the_courses_prose_above_it_runs_without_the_prose(notebook):
    merge_with_prose(notebook, "scale")
    submission = read(notebook)
    assert submission.missing == ()
    assert by_id(submission)["scale"].source.strip().startswith("def scale")
    assert "cell scale: was not a code cell, read as one" in submission.repairs


def test_a_stub_merged_into_the_courses_prose_above_it_is_no_answer():
    release = tiny.release()
    for each in release["cells"]:
        each["source"] = "".join(each["source"])
    merge_with_prose(release, "scale")
    submission = read(release)
    assert "scale" in submission.missing
    assert "scale" in read(submission.notebook).missing


def test_another_notebook_is_named_as_such():
    submission = read({"cells": [new("print('hello')")]})
    assert submission.missing == tuple(MASTER.exercises)
    assert "file: holds nothing of this assignment; is it the right notebook?" in submission.repairs


# --- answers and the repaired notebook -------------------------------------------------------------------------------


def test_the_answer_comes_without_the_question(notebook):
    cell(notebook, "comparison")["source"] = MASTER.cells["comparison"].source.replace("YOUR ANSWER HERE", "D moves.")
    assert read(notebook).answers == {"comparison": "D moves."}


def test_answers_in_two_copies_are_both_kept(notebook):
    cell(notebook, "comparison")["source"] = "First half."
    notebook["cells"].append(copy.deepcopy(cell(notebook, "comparison")) | {"source": "Second half."})
    submission = read(notebook)
    assert submission.answers == {"comparison": "First half.\n\nSecond half."}
    assert sum("half" in each["source"] for each in submission.notebook["cells"]) == 1


def test_blank_cells_beside_a_question_are_no_answer(notebook):
    question = cell(notebook, "comparison")
    question["source"] = MASTER.cells["comparison"].source
    notebook["cells"].insert(notebook["cells"].index(question) + 1, new("\n\n\n") | {"cell_type": "markdown"})
    assert read(notebook).answers == {"comparison": ""}


@pytest.mark.parametrize("kind", ["markdown", "raw", "code"])
def test_an_answer_in_a_cell_of_any_kind_below_its_question_is_found(notebook, kind):
    question = cell(notebook, "comparison")
    question["source"] = MASTER.cells["comparison"].source
    notebook["cells"].insert(notebook["cells"].index(question) + 1, new("# D moves.", kind))
    submission = read(notebook)
    assert submission.answers == read(submission.notebook).answers == {"comparison": "# D moves."}


@pytest.mark.parametrize("written", ["", "D moves."])
def test_a_question_pasted_twice_is_no_answer(notebook, written):
    question = MASTER.cells["comparison"].source
    cell(notebook, "comparison")["source"] = f"{question}\n\n{question}\n\n{written}"
    submission = read(notebook)
    assert submission.answers == {"comparison": written}
    assert read(submission.notebook).answers == submission.answers


@pytest.mark.parametrize("kept", [0, 1])
@pytest.mark.parametrize("cut", [1, 3])
@pytest.mark.parametrize("written", ["", "D moves."])
def test_a_question_cut_in_two_is_no_answer(notebook, kept, cut, written):
    question = cell(notebook, "comparison")
    lines = [*MASTER.cells["comparison"].source.split("\n"), "", written]
    halves = [new("\n".join(half), "markdown") for half in (lines[:cut], lines[cut:])]
    halves[kept] = question | {"source": halves[kept]["source"]}
    at = notebook["cells"].index(question)
    notebook["cells"][at : at + 1] = halves
    submission = read(notebook)
    assert bool(submission.answers["comparison"]) == bool(written)
    assert submission.answers["comparison"].endswith(written)
    assert read(submission.notebook).answers == submission.answers


def test_own_cells_have_no_metadata_and_no_outputs(notebook):
    html = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}
    notebook["cells"].append(
        new("own = 1", nbgrader={"grade": True, "grade_id": "mine", "points": 99}) | {"outputs": [html]}
    )
    restored = read(notebook).notebook
    own = next(each for each in restored["cells"] if each["source"] == "own = 1")
    assert (own["metadata"], own["outputs"]) == ({}, [])
    assert "<script>" not in json.dumps(restored)


def test_the_students_version_of_a_locked_cell_is_shown_beside_the_masters(notebook):
    cell(notebook, "scale_check")["source"] = "assert True"
    sources = [each["source"] for each in read(notebook).notebook["cells"]]
    assert sources.index("assert True") + 1 == sources.index(MASTER.cells["scale_check"].source)


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b"\0" * 100, "an empty file"),
        (b"\xef\xbb\xbf \n", "an empty file"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"PK\x03\x04\x14\0", "an archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"{}", "JSON without a list of cells"),
        (b'{"cells": {"0": 1}}', "JSON without a list of cells"),
        (b'{"cells": [1, 2]}', "JSON without a list of cells"),
        (b'{"worksheets": [3]}', "JSON without a list of cells"),
        (b'{"cells": [{"cell_type": "code", "source": "def sc', "breaks off"),
        (b'{"cells": [\n<<<<<<< HEAD\n', "Git conflict"),
        (b"Dear professor, my computer died.", "neither a notebook nor a script"),
        (b'{"a":' * 100_000, "damaged or breaks off"),
        (b"[" * 5_000_000, "more data than text"),
        (json.dumps({"cells": [{}] * (reader.MAX_CELLS + 1)}).encode(), "2001 cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_what_was_found_and_what_to_do(data, found):
    with pytest.raises(Unreadable, match=found) as error:
        read_submission(data, MASTER)
    assert str(error.value).startswith("expected a notebook, found ")
    assert str(error.value).endswith("save it again and hand in the .ipynb file")
    assert "\n" not in str(error.value)


def test_a_file_above_the_limit_is_refused(monkeypatch, notebook):
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    with pytest.raises(Unreadable, match="clear all outputs"):
        read(notebook)


def test_a_cell_above_the_limit_is_left_out_alone(notebook):
    notebook["cells"].append(new("x = 1\n" * 200_000))
    submission = read(notebook)
    assert submission.missing == ()
    assert submission.repairs == ("cell 18: 1,200,000 characters are too many, left out",)


def test_a_number_of_a_million_digits_does_no_harm(notebook):
    text = json.dumps(notebook)
    assert read_submission((text[:-1] + ', "n": ' + "9" * 1_000_000 + "}").encode(), MASTER).repairs == ()


def test_a_deep_call_stack_changes_nothing(notebook):
    data = json.dumps(notebook).encode()

    def descend(depth):
        return read_submission(data, MASTER) if depth == 0 else descend(depth - 1)

    assert descend(sys.getrecursionlimit() // 2).missing == ()
