"""Answers in the wrong place are put before a person; notebooks without words of their own ask for nobody."""

import json
import re

import pytest

from autograder.submission import read_master, read_submission
from autograder.unplaced import find_unplaced
from tests.fairness import tiny

MASTER = read_master(tiny.release())
ANSWER = "In my opinion the discriminator moves, too."
ASKED = ("comparison",)


def text_cell(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def find(change):
    """What is found once `change` has changed the cells of a right submission whose question is blank."""
    notebook = tiny.right()
    cells = [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]
    question = next(cell for cell in cells if cell["id"] == "comparison")
    question["source"] = re.sub(r"(?s)### BEGIN SOLUTION.*", "YOUR ANSWER HERE", question["source"])
    change(cells, cells.index(question))
    return read(notebook | {"cells": cells})


def read(notebook):
    return find_unplaced(read_submission(json.dumps(notebook).encode(), MASTER), MASTER)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda cells, at: cells.insert(at, text_cell(ANSWER)), "cell_16"),
        (lambda cells, at: cells.append(text_cell(ANSWER)), "cell_18"),
        (lambda cells, at: cells[at + 1].update(source=f"{cells[at + 1]['source']}\n{ANSWER}"), "cell_17"),
        (lambda cells, at: cells.insert(at, {**text_cell(ANSWER), "cell_type": "raw"}), "cell_16"),
    ],
    ids=["above the question", "at the end", "in the course's prose", "in a raw cell"],
)
def test_an_answer_elsewhere_is_put_before_a_person(change, where):
    assert find(change) == (ASKED, (f"question comparison: nothing stands below it, a person will look at {where}",))


@pytest.mark.parametrize(
    "change",
    [
        lambda cells, at: None,
        lambda cells, at: cells.insert(at, text_cell("## My loss curves")),
        lambda cells, at: cells.insert(at, dict(cells[0])),
        lambda cells, at: cells.insert(at + 1, text_cell(ANSWER)),
        lambda cells, at: cells[0].update(source=cells[0]["source"].split("\n")[0]),
        lambda cells, at: cells.pop(0),
    ],
    ids=["nothing", "a heading", "prose twice", "answered below", "prose cut", "prose deleted"],
)
def test_nobody_is_asked_where_there_is_nothing_to_read(change):
    assert find(change) == ((), ())


def test_other_words_ask_for_nobody_once_the_question_is_answered():
    notebook = tiny.right()
    notebook["cells"].insert(0, text_cell("A notebook by Ada, who likes pictures of shoes."))
    assert read(notebook) == ((), ())


def test_no_more_than_three_places_are_named():
    def scatter(cells, at):
        cells.extend(text_cell(f"{ANSWER} {number}") for number in range(5))

    assert find(scatter)[1][0].endswith("will look at cell_18, cell_19, cell_20 …")
