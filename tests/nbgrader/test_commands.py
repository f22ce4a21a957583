"""nbgrader's own commands over a small class: what instructors and students read afterwards."""

import copy
import csv
import html
import json
import re
import shlex
import shutil
from dataclasses import replace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.gradebook import open_gradebook
from tests.nbgrader.courses import DUE, LATE, ROOT, SETTINGS, SQUARED, processes_of

DOCUMENT = ROOT / "docs" / "nbgrader.md"
WARNING = "import sys\nprint('careful', file=sys.stderr)\ndef double(x):\n    return 2 * x\n3.0"
FOLDERS = (
    "ada",
    "bob",
    "cid",
    "dan",
    "eve",
    "fay",
    "gil",
    "hal",
    "ida",
    "jon",
    "kim",
    "leo",
    "mia",
    "nia",
    "ola",
    "pia",
)
OVERRIDE = """\
[[override]]
student = "eve"
assignment = "small"
exercise = "double"
score = 2
reason = "Shown working in the lab."
"""
HOSTILE = "print('5.0')\ndef double(x):\n    return x + 1\n5.0"


def duplicated(notebook):
    """As Colab does it: the same cell once more, metadata and all."""
    index = next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == "double")
    notebook["cells"].insert(index, copy.deepcopy(notebook["cells"][index]))
    return notebook


def stripped(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return notebook | {"metadata": {}, "nbformat_minor": 4}


def overpaid(notebook):
    """Points of the student's own choosing, the right output in the wrong cell, and a cell said not to be run."""
    for cell in notebook["cells"]:
        cell["metadata"] |= {"tags": ["skip-execution"]}
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1000, "grade": True, "solution": False, "locked": True}
        if cell["cell_type"] == "code":
            data = {"text/plain": "5.0"}
            cell["outputs"] = [{"output_type": "execute_result", "execution_count": 1, "data": data, "metadata": {}}]
    return notebook


def hand_in_class(course):
    write, hand_in = course.write_notebook, course.hand_in
    hand_in("ada", write(reason="Why?\n\nBecause <script>steal()</script> I say so."))
    hand_in("bob", write(double=SQUARED))
    hand_in("cid", write(double=WARNING))
    hand_in("dan", write(double="while True:\n    pass"))
    hand_in("eve", write(double="def double(x):\n    import os\n    os._exit(0)"))
    hand_in("fay", json.dumps(write())[:-100])
    (course.folder / "submitted/gil/small").mkdir(parents=True)
    hand_in("hal", write(), "small (1).ipynb")
    hand_in("ida", "[1, 2, 3]")
    hand_in("jon", duplicated(write()))
    hand_in("kim", stripped(write()))
    (hand_in("leo", write()) / "timestamp.txt").write_text("2026-03-01 13:00:00 UTC")
    hand_in("mia", overpaid(write(double=HOSTILE)))
    hand_in("nia", write(halve="def halve(x):\n    return 0 * x + 7"))
    (hand_in("ola", write()) / "data.csv").symlink_to("nowhere")
    (hand_in("pia", write()) / "timestamp.txt").write_text("yesterday, I think")


def documented_commands(course):
    """The commands of docs/nbgrader.md, for the small course."""
    (block,) = re.findall(r"(?ms)^```bash\n(.*?)^```", DOCUMENT.read_text())
    text = block.replace("/home/you/gan-course", str(course)).replace("vanilla_gan", "small")
    return [shlex.split(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def graded(new_course, course):
    """A class after the commands of docs/nbgrader.md; what each wrote is in a log."""
    nbgrader = new_course(LATE + "c.SandboxExporter.out = 'grades'\n")
    (nbgrader.folder / "grades").mkdir()
    (nbgrader.folder / "grades/overrides.toml").write_text(OVERRIDE)
    for program, *arguments in documented_commands(course):
        log = nbgrader.run(*arguments, program=program)
        (nbgrader.folder / f"{arguments[0]}.log").write_text(log)
        if arguments[0] == "generate_assignment":
            nbgrader.run("db", "assignment", "add", "small", "--duedate", DUE)
            hand_in_class(nbgrader)
    return nbgrader


@pytest.fixture(scope="module")
def rows(graded):
    return graded.rows()


def feedback(course, student):
    """The page's text, as a reader sees it."""
    page = (course.folder / "feedback" / student / "small/small.html").read_text()
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_the_document_shows_the_settings_that_are_shipped():
    (shown,) = re.findall(r"(?ms)^```python\n(.*?)^```", DOCUMENT.read_text())
    shipped = re.sub(r"  # .*", "", SETTINGS.read_text().replace('course = ""', 'course = "/home/you/gan-course"'))
    assert shown.splitlines() == [line for line in shipped.splitlines() if line.startswith("c")]


def test_nbgraders_release_is_ours_file_by_file(graded, course):
    ours, theirs = course / "release/small", graded.folder / "release/small"
    assert {path.name for path in theirs.iterdir()} == {path.name for path in ours.iterdir()}
    for path in ours.iterdir():
        if path.suffix == ".ipynb":
            assert nbformat.read(theirs / path.name, 4) == nbformat.read(path, 4)
        else:
            assert (theirs / path.name).read_bytes() == path.read_bytes()


def test_a_notebook_is_still_validated_by_its_visible_checks(graded):
    text = graded.run("validate", "source/small/small.ipynb")
    assert "Success! Your notebook passes all the tests." in text


def test_every_folder_of_a_student_gets_a_score(rows):
    assert tuple(sorted(rows)) == FOLDERS


def test_right_answers_get_full_marks_and_the_written_one_waits_for_a_person(rows):
    assert rows["ada"]["double"] == (3, False, None)
    assert rows["ada"]["halve"] == (2, False, None)
    assert rows["ada"]["reason"] == (None, True, None)


def test_a_question_left_as_released_waits_for_nobody(rows):
    assert rows["bob"]["reason"] == (0, False, "No response.")


def test_partial_credit_comes_with_a_hint_beside_the_exercise(graded, rows):
    score, open_question, comment = rows["bob"]["double"]
    assert (score, open_question) == (1, False)
    assert "Did you square?" in comment
    page = feedback(graded, "bob")
    assert page.index("return x * x") < page.index("Did you square?") < page.index("return x / 2")


@pytest.mark.parametrize("student", ["cid", "hal", "jon", "kim", "ola", "pia"])
def test_right_code_gets_full_marks_whatever_its_file_has_been_through(rows, student):
    assert [rows[student][exercise][:2] for exercise in ("double", "halve")] == [(3, False), (2, False)]


@pytest.mark.parametrize("student", ["dan", "eve"])
def test_code_that_never_ends_or_ends_the_process_costs_its_own_exercise(rows, student):
    assert rows[student]["double"][0] == (2 if student == "eve" else 0)  # hers was set by an instructor
    assert rows[student]["halve"] == (2, False, None)


@pytest.mark.parametrize("student", ["fay", "ida"])
def test_a_file_that_is_no_notebook_gets_nothing_and_a_person_is_asked(graded, rows, student):
    assert [rows[student][exercise][:2] for exercise in ("double", "halve", "reason")] == [(0, True)] * 3
    assert "could not be read" in feedback(graded, student)


def test_a_folder_without_a_notebook_is_zero(graded, rows):
    assert [rows["gil"][exercise][:2] for exercise in ("double", "halve", "reason")] == [(0, False)] * 3
    assert list((graded.folder / "autograded/gil/small").iterdir()) == []


def test_nothing_that_a_student_printed_or_wrote_into_metadata_counts(graded, rows):
    assert rows["mia"]["double"][0] == 0
    assert rows["mia"]["score"] == 2
    shown = nbformat.read(graded.folder / "autograded/mia/small/small.ipynb", 4)
    assert [cell.metadata.nbgrader.points for cell in shown.cells if cell.id in ("double", "halve")] == [3, 2]
    assert all(not cell.get("outputs") for cell in shown.cells)


def test_what_the_grader_itself_fails_on_is_left_for_a_person_and_said(graded, rows):
    score, open_question, comment = rows["nia"]["halve"]
    assert (score, open_question) == (None, True)
    assert "the grader itself failed" in comment
    assert rows["nia"]["double"] == (3, False, None)
    assert "the suite's own mistake" in (graded.folder / "autograde.log").read_text()


def test_a_late_penalty_of_the_course_is_applied_to_late_work_only(graded, rows):
    assert {student: row["penalty"] for student, row in rows.items() if row["penalty"] is not None} == {"leo": 1}
    with (graded.folder / "grades.csv").open() as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(exported) == set(FOLDERS)
    assert float(exported["leo"]["score"]) == 4
    assert float(exported["leo"]["raw_score"]) == 5
    assert float(exported["bob"]["score"]) == 3


def test_nothing_of_a_students_runs_on_the_feedback_page(graded):
    page = (graded.folder / "feedback/ada/small/small.html").read_text()
    assert "Because" in page
    assert "<script>steal()" not in page


def test_a_score_set_in_overrides_toml_counts_and_its_reason_is_the_comment(rows):
    score, open_question, comment = rows["eve"]["double"]
    assert (score, open_question) == (2, False)
    assert "Set by an instructor: Shown working in the lab." in comment


def records(nbgrader):
    """All records, by student, without what differs from run to run."""
    found = {}
    for path in (nbgrader.folder / "grades/results").glob("*/small.json"):
        grade = json.loads(path.read_text())
        del grade["seconds"], grade["message"]  # a traceback, of nia's
        for exercise in grade["exercises"]:
            for test in exercise["tests"]:
                del test["seconds"]
        found[path.parent.name] = grade
    return found


def test_grading_by_our_own_command_gives_the_same_gradebook_and_records(graded, rows, course):
    copied = replace(graded, folder=graded.folder.parent / "copy")
    shutil.copytree(
        graded.folder, copied.folder, symlinks=True, ignore=shutil.ignore_patterns("autograded", "results", "*.db")
    )
    open_gradebook(course_folder=copied.folder)
    copied.run("db", "assignment", "add", "small", "--duedate", DUE)
    copied.run("grade", "submitted", "--out", "grades", "--root", str(course), program="autograder", code=1)  # nia's
    assert copied.rows() == rows
    assert records(copied) == records(graded)
    for student in FOLDERS:
        ours, theirs = (place.folder / "autograded" / student / "small/small.ipynb" for place in (copied, graded))
        assert ours.exists() == theirs.exists()
        if ours.exists():
            assert nbformat.read(ours, 4).cells == nbformat.read(theirs, 4).cells


def test_a_regrade_keeps_what_was_entered_by_hand_and_asks_again_only_where_the_answer_changed(graded, rows):
    again = replace(graded, folder=graded.folder.parent / "again")
    shutil.copytree(graded.folder, again.folder, symlinks=True)
    with Gradebook(f"sqlite:///{again.folder}/gradebook.db") as gradebook:
        for student in ("ada", "bob"):
            entered = gradebook.find_grade("reason", "small", "small", student)
            entered.manual_score, entered.needs_manual_grade = 1, False
        gradebook.db.commit()
    again.hand_in("bob", again.write_notebook(double=SQUARED, reason="Why?\n\nOn second thoughts, because."))
    again.run("autograde", "small", "--force", "--student", "[ab]*")
    regraded = again.rows()
    assert regraded["ada"]["score"] == 6
    assert regraded["ada"]["reason"] == (None, False, None)
    assert regraded["bob"]["reason"] == (None, True, None)
    assert regraded["cid"] == rows["cid"]


def test_no_process_of_the_grader_is_left(graded):
    assert processes_of(graded.folder.parent) == []  # the home of all that was run
