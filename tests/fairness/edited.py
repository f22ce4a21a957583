"""Right notebooks as people edit them: cells duplicated, merged, split, moved, deleted, of another type."""

import copy
import re

from tests.fairness.registry import cells, code, edit, headers, insert, prose, role, strip_metadata, stub, text

# --- duplicated ------------------------------------------------------------------------------------------------------


@edit
def duplicated_cells(notebook):
    """Each exercise copied with its metadata, as Colab and copy-and-paste do."""
    for cell in cells(notebook, "exercise"):
        insert(notebook, cell, copy.deepcopy(cell))


@edit
def untouched_copy_below(notebook):
    """The student kept an untouched copy of each exercise below the solved one."""
    for cell in reversed(cells(notebook, "exercise", "check")):
        if role(cell) == "exercise":
            spare = copy.deepcopy(cell) | {"source": stub(text(cell))}
            notebook["cells"].insert(notebook["cells"].index(cell) + 1, spare)


@edit
def untouched_copy_above(notebook):
    """The released cell stays, the answer is in a new cell below it."""
    for cell in cells(notebook, "exercise"):
        insert(notebook, cell, copy.deepcopy(cell) | {"source": stub(text(cell))})
        cell["metadata"], cell["id"] = {}, f"new-{cell['id']}"[:64]


@edit
def answer_in_new_cell_above(notebook):
    """The answer is in a new cell above the released one, which was left untouched."""
    for cell in cells(notebook, "exercise"):
        insert(notebook, cell, code(text(cell)))
        cell["source"] = stub(text(cell))


@edit
def wrong_draft_first(notebook):
    """A wrong first draft is still there in a copy above; running all cells ends with the right one."""
    for cell in cells(notebook, "exercise"):
        draft = "".join(f"def {name}(*args, **kwargs):\n    return None\n\n\n" for name in headers(text(cell)))
        insert(notebook, cell, copy.deepcopy(cell) | {"source": draft})


@edit
def whole_notebook_twice(notebook):
    """All cells pasted a second time below."""
    notebook["cells"] += copy.deepcopy(notebook["cells"])


# --- merged and split ------------------------------------------------------------------------------------------------


@edit
def check_merged_into_exercise(notebook):
    """ "Merge cell below" on every exercise: the visible checks follow the solution in one cell."""
    checks = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells(notebook, "check")}
    for cell in cells(notebook, "exercise"):
        check = checks.get(cell["metadata"]["nbgrader"]["grade_id"] + "_check")
        if check:
            cell["source"] = text(cell) + "\n\n" + text(check)
            notebook["cells"].remove(check)


@edit
def two_exercises_in_one_cell(notebook):
    """The second exercise was merged into the first one's cell."""
    first, second, *_ = cells(notebook, "exercise")
    first["source"] = text(first) + "\n\n" + text(second)
    notebook["cells"].remove(second)


@edit
def everything_in_one_cell(notebook):
    """All code selected and merged, training included; metadata of the first cell."""
    merged = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    merged[0]["source"] = "\n\n".join(text(cell) for cell in merged)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in merged[1:]]


@edit
def everything_in_one_plain_cell(notebook):
    """The same in a new cell, in a notebook that has nothing else."""
    source = "\n\n".join(text(cell) for cell in notebook["cells"] if cell["cell_type"] == "code")
    notebook["cells"] = [code(source), *cells(notebook, "question")]


@edit
def training_in_the_exercise_cell(notebook):
    """The training cell merged into the last exercise."""
    training = cells(notebook, "training")
    cells(notebook, "exercise")[-1]["source"] = "\n\n".join(
        [text(cells(notebook, "exercise")[-1]), *(text(cell) for cell in training)]
    )
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in training]


@edit
def implementation_in_a_cell_of_its_own(notebook):
    """The code stands in a new cell under another name; the exercise's cell only binds the name."""
    for cell in cells(notebook, "exercise"):
        names = headers(text(cell))
        source = re.sub(r"(?m)^(def|class) (\w+)", r"\1 my_\2", text(cell))
        insert(notebook, cell, code(source))
        cell["source"] = "\n".join(f"{name} = my_{name}" for name in names)


@edit
def split_into_single_definitions(notebook):
    """Cells split before each definition; the halves keep the metadata (JupyterLab's Split Cell)."""
    for cell in cells(notebook, "exercise"):
        first, *more = re.split(r"(?m)^(?=(?:def|class|@) ?\w)", text(cell))
        parts = [part for part in (first, *more) if part.strip()]
        insert(notebook, cell, *(copy.deepcopy(cell) | {"source": part} for part in parts[:-1]))
        cell["source"] = parts[-1]


@edit
def class_patched_in_a_second_cell(notebook):
    """A method is put on the class afterwards, in a cell of its own below."""
    for cell in cells(notebook, "exercise"):
        for name in re.findall(r"(?m)^class (\w+)", text(cell)):
            patch = code(f"def describe(self):\n    return type(self).__name__\n\n\n{name}.describe = describe")
            notebook["cells"].insert(notebook["cells"].index(cell) + 1, patch)


@edit
def answer_in_another_exercises_cell(notebook):
    """The second answer was typed into the first exercise's cell; its own cell was left untouched."""
    first, second, *_ = cells(notebook, "exercise")
    first["source"] = text(first) + "\n\n\n" + text(second)
    second["source"] = stub(text(second))


# --- moved and deleted -----------------------------------------------------------------------------------------------


@edit
def exercises_in_reverse_order(notebook):
    """Exercises dragged into another order: a definition may stand below its use."""
    places = [notebook["cells"].index(cell) for cell in cells(notebook, "exercise")]
    exercises = [notebook["cells"][place] for place in places]
    for place, cell in zip(places, reversed(exercises), strict=True):
        notebook["cells"][place] = cell


@edit
def setup_at_the_end(notebook):
    """The imports moved below everything; it worked because they had been run before."""
    setup = cells(notebook, "setup")
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in setup] + setup


@edit
def setup_deleted(notebook):
    """The locked cells with imports and data are gone."""
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell) != "setup"]


@edit
def setup_edited(notebook):
    """The student changed the imports and added one of their own."""
    for cell in cells(notebook, "setup"):
        cell["source"] = "import itertools\n" + text(cell) + "\nimport os"


@edit
def checks_deleted(notebook):
    """The visible checks are gone."""
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell) != "check"]


@edit
def prose_deleted(notebook):
    """Only code and the written answer were kept."""
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell) != "prose"]


@edit
def only_the_exercises(notebook):
    """Exercises alone, without metadata: the student sent "my part"."""
    notebook["cells"] = cells(notebook, "exercise", "question")
    strip_metadata(notebook)


@edit
def training_edited(notebook):
    """Training and picture cells with other numbers, stripped of their ids."""
    for cell in cells(notebook, "training", "show"):
        cell["source"] = re.sub(r"\d+", "31", text(cell))
        cell["metadata"], cell["id"] = {}, f"x{cell['id']}"[:64]


@edit
def failing_and_empty_cells(notebook):
    """Scratch cells that fail, stop the kernel or are empty."""
    for number, cell in enumerate(cells(notebook, "exercise")):
        insert(notebook, cell, code(["1 / 0", "", "this is no Python", "raise SystemExit", "?print"][number % 5]))


@edit
def magics_and_comments(notebook):
    """Timed and captured cells, shell lines, notes above the code."""
    for number, cell in enumerate(cells(notebook, "exercise")):
        first = ["%%time", "%%capture output", "# my solution", "!pip install torch"][number % 4]
        cell["source"] = f"{first}\n{text(cell)}"


# --- of another type -------------------------------------------------------------------------------------------------


@edit
def exercises_as_raw_cells(notebook):
    """The R key pressed once too often."""
    for cell in cells(notebook, "exercise"):
        _retype(cell, "raw")


@edit
def exercises_as_markdown(notebook):
    """Turned into Markdown and fenced so that it looks like code."""
    for cell in cells(notebook, "exercise"):
        _retype(cell, "markdown")
        cell["source"] = f"My answer:\n\n```python\n{text(cell)}\n```\n"


@edit
def question_as_code(notebook):
    """The written answer in a code cell."""
    for cell in cells(notebook, "question"):
        cell |= {"cell_type": "code", "outputs": [], "execution_count": None}


@edit
def answer_in_a_new_cell(notebook):
    """The question's cell deleted, the answer in a new Markdown cell in its place."""
    for cell in cells(notebook, "question"):
        notebook["cells"][notebook["cells"].index(cell)] = prose("In my opinion D moves too.")


@edit
def answer_below_the_question(notebook):
    """The question's cell left as released, the answer in a new Markdown cell below."""
    for cell in cells(notebook, "question"):
        cell["source"] = re.sub(r"(?s)### BEGIN SOLUTION.*?### END SOLUTION", "YOUR ANSWER HERE", text(cell))
        notebook["cells"].insert(notebook["cells"].index(cell) + 1, prose("In my opinion D moves too."))


@edit
def pictures_in_the_answer(notebook):
    """A screenshot pasted into the written answer, with HTML around it."""
    for cell in cells(notebook, "question"):
        cell["source"] = text(cell) + "\n\n![loss.png](attachment:loss.png) <script>alert(1)</script>"
        cell["attachments"] = {"loss.png": {"image/png": "iVBORw0KGgo="}}


def _retype(cell: dict, kind: str) -> None:
    cell["cell_type"] = kind
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
