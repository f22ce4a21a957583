"""A student's own words where no question stands: perhaps the answer to one that was left blank. A person looks."""

import re

from autograder.submission import Master, Submission

FEW = 5  # words: fewer are a heading or a remark


def find_unplaced(submission: Submission, master: Master) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The questions that a person should look at though nothing stands below them, and a note for each.

    None where every Markdown cell is the course's, or has a few words at most that are not.
    """
    ours = {line.strip() for cell in master.cells.values() for line in cell.source.split("\n")}
    found = []
    for cell in submission.notebook["cells"]:
        own = [line for line in cell["source"].split("\n") if line.strip() not in ours]
        if cell["cell_type"] == "markdown" and not cell["metadata"] and len(re.findall(r"\w+", "\n".join(own))) > FEW:
            found.append(cell["id"])
    blank = tuple(name for name in master.questions if not submission.answers.get(name)) if found else ()
    where = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
    return blank, tuple(f"question {name}: nothing stands below it, a person will look at {where}" for name in blank)
