"""Whatever becomes of a real notebook, it is read and repaired as promised, or refused in one line."""

import copy
import json

import nbformat
from hypothesis import given

from autograder.submission import Submission, Unreadable, read_submission
from tests.fuzz.notebooks import SOLVED, HandedIn, handed_in
from tests.fuzz.tally import TALLY, fuzzed

UNIQUE = ("setup", "exercise", "check", "question")  # roles whose cells must be there, once


@fuzzed
@given(handed_in())
def test_a_notebook_is_repaired_as_promised_or_refused_in_one_line(handed):
    with TALLY.example():
        try:
            submission = read_submission(handed.data, handed.master)
        except Unreadable as refused:
            check_refusal(str(refused))
            return
    TALLY.got_past()
    check_plan(handed, submission)
    check_notebook(handed, submission)
    check_repairs(handed, submission)
    check_second_reading(handed, submission)
    if handed.notebook is not None:
        check_nothing_is_lost(handed, submission)


def check_refusal(message: str) -> None:
    assert message.startswith("expected a notebook, found ")
    assert message.endswith("save it again and hand in the .ipynb file")
    assert "\n" not in message
    assert len(message.encode()) < 500


def check_plan(handed: HandedIn, submission: Submission) -> None:
    """What runs: steps with names of their own, for exercises that there are; all of the setup as it was released."""
    master = handed.master
    names = [step.id for step in submission.cells]
    assert len(set(names)) == len(names)
    for step in submission.cells:
        assert step.exercise is None or step.exercise in master.exercises
        assert step.run in ("all", "definitions")
        assert step.source.strip()
        assert "\0" not in step.source
        step.source.encode()
    whole = [rows(step.source) for step in submission.cells if step.run == "all"]
    for known in master.cells.values():
        if known.role == "setup":
            assert any(rows(known.source) in text for text in whole), f"{known.id} does not run"
    assert submission.missing == tuple(name for name in master.exercises if name in submission.missing)


def check_notebook(handed: HandedIn, submission: Submission) -> None:
    """The repaired notebook: valid; what is locked is the master's, what bears points is there once."""
    notebook, master = submission.notebook, handed.master
    nbformat.validate(nbformat.from_dict(copy.deepcopy(notebook)))
    json.dumps(notebook, allow_nan=False).encode()
    marked = [cell for cell in notebook["cells"] if cell["metadata"]]
    assert {cell["id"] for cell in marked} <= master.cells.keys()
    for known in master.cells.values():
        mine = [cell for cell in marked if cell["id"] == known.id]
        assert len(mine) == 1 if known.role in UNIQUE else len(mine) <= 1
        for cell in mine:
            assert cell["metadata"] == known.metadata
            assert cell["cell_type"] == known.kind
            if known.metadata.get("nbgrader", {}).get("locked"):
                assert cell["source"] == known.source
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    assert set(submission.answers) == set(master.questions)


def check_repairs(handed: HandedIn, submission: Submission) -> None:
    """An exercise or question whose name stands nowhere in the file was repaired, and the student is told."""
    for repair in submission.repairs:
        assert repair
        assert "\n" not in repair
        assert len(repair.encode()) < 300
    if handed.notebook is None or not isinstance(handed.notebook.get("cells"), list):
        return
    for name in (*handed.master.exercises, *handed.master.questions):
        if name not in json.dumps([names_of(cell) for cell in handed.notebook["cells"]]):
            assert any(repair.startswith(f"cell {name}: ") for repair in submission.repairs)


def check_second_reading(handed: HandedIn, submission: Submission) -> None:
    """The repaired notebook answers the same exercises as the one handed in, and keeps what was written."""
    again = read_submission(json.dumps(submission.notebook).encode(), handed.master)
    assert again.missing == submission.missing
    assert all(written in again.answers[question] for question, written in submission.answers.items())


def check_nothing_is_lost(handed: HandedIn, submission: Submission) -> None:
    """A solution that stands in a code cell as it was written runs."""
    cells = handed.notebook.get("cells") if handed.notebook else None
    running = [rows(step.source) for step in submission.cells if step.run == "all"]
    for solved in SOLVED[handed.name]["cells"]:
        answers = isinstance(cells, list) and solved["id"] in handed.master.exercises
        if answers and any(is_code(cell) and cell.get("source") == solved["source"] for cell in cells):
            assert solved["id"] not in submission.missing
            assert any(rows(solved["source"]) in text for text in running)


def names_of(cell: object) -> list[object]:
    """What a cell says that it is."""
    if not isinstance(cell, dict):
        return []
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return [cell.get("id"), metadata.get("id"), metadata.get("nbgrader")]


def is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def rows(source: str) -> str:
    """A text by lines, without what stands at their ends."""
    return "\n".join(["", *(line.rstrip() for line in source.strip("\n").split("\n")), ""])
