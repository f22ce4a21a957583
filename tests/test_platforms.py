"""Files for learning platforms, from rosters as the platforms write them."""

import csv
import io
import re
from pathlib import Path

import pytest

from autograder.course import Assignment, Course, Exercise, Limits
from autograder.errors import GraderError
from autograder.platforms import Settings, export_scores, parse_columns
from autograder.results import ExerciseResult, Grade, TestResult
from tests.synthetic_class import write_records


def exercise(name, points, manual=False):
    return Exercise(name, name.capitalize(), points, () if manual else (name,), manual, 5.0)


def assignment(name, title, order):
    exercises = (exercise("generator", 10), exercise("loss", 5), exercise("comparison", 5, manual=True))
    return Assignment(Path("."), name, title, order, exercises, (), Limits(10, 60, 1024))


COURSE = Course(Path("."), (assignment("vanilla_gan", "Vanilla GAN", 1), assignment("dcgan", "DCGAN", 2)))

# As Canvas writes it: ids, a row of hidden assignments, points with four spaces, read-only totals, the test student.
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Vanilla GAN (4711),Homework 2: deep (4712),Essay (4713),Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,15.00,20.00,10.00,(read only)
"Lovelace, Ada",101,S-1,ada,"GAN 1, Tuesday",,12.00,7.00,88.00
"Hopper, Grace",102,S-2,grace,GAN 1,3.50,,8.00,
"Turing, Alan",103,S-3,alan,GAN 1,,,9.00,
"Student, Test",999,,7d0c0ffee,GAN 1,,,,
"""

MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 4711","Ada Lovelace",ada@uni.example,"Submitted for grading",,15.00,Yes,"Monday, 9 March 2026, 6:09 PM",-,
"Participant 4712","Grace Hopper",grace@uni.example,"Submitted for grading",2.00,15.00,Yes,-,-,"Well done"
"Participant 4713","Alan Turing",alan@uni.example,"No submission",,15.00,Yes,-,-,
"""

GERMAN = """\
ID,"Vollst\u00e4ndiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann ge\u00e4ndert werden",\
"Zuletzt ge\u00e4ndert (Abgabe)","Zuletzt ge\u00e4ndert (Bewertung)","Feedback als Kommentar"
"""


def graded(student, score=12.0, name="vanilla_gan", **changes):
    hinted = TestResult(name="Sum", status="failed", points=0, max_points=5, hint="Sum <or> mean?")
    values = {
        "status": "graded",
        "score": score,
        "max_score": 15.0,
        "submitted_at": "2026-03-09T18:09:41+01:00",
        "exercises": (
            ExerciseResult(id="generator", title="Generator", score=10, max_score=10, status="passed"),
            ExerciseResult(id="loss", title="Loss", score=2, max_score=5, status="partial", tests=(hinted,)),
        ),
    }
    return Grade(student=student, assignment=name, **(values | changes))


CLASS = (graded("ada"), graded("grace", 9.25), graded("zoe", 1.0))


@pytest.fixture
def export(tmp_path):
    """export(format, roster text or bytes, grades): the Export, and the rows of the file that was written."""

    def run(kind, roster, grades=CLASS, **more):
        write_records(tmp_path / "out", grades)
        path = None
        if roster is not None:
            path = tmp_path / "roster.csv"
            path.write_bytes(roster if isinstance(roster, bytes) else roster.encode())
        outcome = export_scores(tmp_path / "out", COURSE, Settings(kind, tmp_path / "import.csv", path, **more))
        data = (tmp_path / "import.csv").read_bytes().decode("utf-8-sig")
        separator = ";" if data.splitlines()[0].count(";") > 2 else ","
        return outcome, list(csv.reader(io.StringIO(data, newline=""), delimiter=separator))

    return run


def problems_of(outcome):
    return [(p.student, p.problem) for p in outcome.problems]


# Canvas


def test_canvas_gets_its_own_columns_and_ids_back_with_the_scores(export):
    outcome, rows = export("canvas", CANVAS)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Vanilla GAN (4711)"]
    assert rows[1] == ["", "", "", "", "", "Manual Posting"]
    assert rows[2] == ["    Points Possible", "", "", "", "", "15.00"]
    assert rows[3] == ["Lovelace, Ada", "101", "S-1", "ada", "GAN 1, Tuesday", "12"]
    assert rows[4] == ["Hopper, Grace", "102", "S-2", "grace", "GAN 1", "9.25"]
    assert rows[5][-1] == rows[6][-1] == ""  # nobody without a result gets a 0
    assert outcome.matched_by == "SIS Login ID"


def test_other_assignments_are_left_out_lest_old_scores_come_back(export):
    _, rows = export("canvas", CANVAS)
    assert not {"Essay (4713)", "Final Score"} & set(rows[0])


def test_who_is_in_only_one_of_both_is_told_and_written_beside(export, tmp_path):
    outcome, _ = export("canvas", CANVAS)
    assert problems_of(outcome) == [("Turing, Alan", "in the roster, but no result"), ("zoe", "not in the roster")]
    with (tmp_path / "import.problems.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["score"]) for row in rows] == [("Turing, Alan", ""), ("zoe", "1.0")]


def test_the_file_of_problems_goes_when_there_are_none_any_more(export, tmp_path):
    (tmp_path / "import.problems.csv").write_text("old")
    roster = "".join(line for line in CANVAS.splitlines(keepends=True) if "Turing" not in line)
    outcome, _ = export("canvas", roster, CLASS[:2])
    assert (outcome.problems, outcome.beside) == ((), None)
    assert not (tmp_path / "import.problems.csv").exists()


def test_an_open_or_unreadable_score_leaves_what_canvas_has(export):
    grades = [
        graded("ada", None, status="internal_error"),
        graded("grace", 0.0, status="unreadable", message="a web page"),
        graded("alan", 0.0, status="missing"),
    ]
    outcome, rows = export("canvas", CANVAS, grades)
    assert [row[-1] for row in rows[3:6]] == ["", "3.50", "0"]
    assert problems_of(outcome) == [
        ("ada", "its score is open: the grader failed"),
        ("grace", "unreadable: a web page"),
    ]


def test_who_is_excused_in_canvas_stays_excused(export):
    outcome, rows = export("canvas", CANVAS.replace('Tuesday",,', 'Tuesday",EX,'), CLASS[:2])
    assert [row[-1] for row in rows[3:5]] == ["EX", "9.25"]
    assert ("ada", "EX in Canvas: left as it is") in problems_of(outcome)


def test_a_column_with_another_title_is_named_by_hand(export):
    columns = parse_columns(["dcgan=Homework 2: deep (4712)"], COURSE)
    _, rows = export("canvas", CANVAS, [graded("ada", name="dcgan")], columns=columns)
    assert rows[0][-1] == "Homework 2: deep (4712)"
    assert [row[-1] for row in rows[2:5]] == ["20.00", "12", ""]


def test_an_assignment_without_a_column_gets_a_new_one_and_says_so(export):
    outcome, rows = export("canvas", CANVAS, [graded("ada", name="dcgan")])
    assert rows[0][-1] == "DCGAN"
    assert rows[2][-1] == "20"  # written questions included
    assert "Canvas will ask about a new 'DCGAN'" in outcome.notes[0]


def test_two_columns_that_may_be_meant_are_refused(export):
    with pytest.raises(GraderError, match=r"Vanilla GAN \(4711\), vanilla-gan \(9\); say which by --column"):
        export("canvas", CANVAS.replace("Essay (4713)", "vanilla-gan (9)"))


def test_points_that_differ_are_refused_and_converted_only_when_asked(export):
    roster = CANVAS.replace("15.00", "100.00")
    with pytest.raises(GraderError, match=r"expected 15 points \(with written questions 20\), got a maximum of 100"):
        export("canvas", roster)
    _, rows = export("canvas", roster, scale=True)
    assert [row[-1] for row in rows[2:5]] == ["100.00", "80", "61.67"]


def test_a_file_that_is_no_gradebook_is_refused(export):
    with pytest.raises(GraderError, match="expected Canvas's gradebook export"):
        export("canvas", "login,name\nada,Ada\n")


def test_names_as_in_canvas_zips_are_found(export):
    outcome, rows = export("canvas", CANVAS, [graded("lovelaceada"), graded("hoppergrace", 9.0)])
    assert outcome.matched_by == "Student"
    assert [row[-1] for row in rows[3:5]] == ["12", "9"]


# Moodle


def test_moodle_keeps_every_column_and_gets_grades_and_comments(export):
    outcome, rows = export("moodle", MOODLE)
    assert rows[0] == next(csv.reader([MOODLE.splitlines()[0]]))
    ada, grace, alan = rows[1:]
    assert (ada[0], ada[4], ada[5], ada[8]) == ("Participant 4711", "12", "15.00", "-")
    assert ada[9] == "Generator: 10 of 10.<br>Loss: 2 of 5. Sum &lt;or&gt; mean?"
    assert (grace[4], grace[9]) == ("9.25", "Well done")
    assert alan[4] == ""
    assert outcome.matched_by == "Email address"
    assert "1 comments that were in the roster are kept" in outcome.notes
    assert problems_of(outcome) == [("Alan Turing", "in the roster, but no result"), ("zoe", "not in the roster")]


@pytest.mark.parametrize("student", ["Ada Lovelace", "ada@uni.example", "4711", "Participant 4711", "ADA"])
def test_students_are_found_by_whatever_the_results_call_them(export, student):
    _, rows = export("moodle", MOODLE, [graded(student)])
    assert rows[1][4] == "12"


def test_a_number_at_the_end_of_a_name_is_no_identifier(export):
    with pytest.raises(GraderError, match="found none"):
        export("moodle", MOODLE, [graded("student4711")])


def test_european_excel_is_read_and_answered_in_kind(export):
    roster = MOODLE.replace(",", ";").replace("15.00", "15,00").replace("Grace", "Gr\u00e4ce")
    _, rows = export("moodle", roster.encode("cp1252"))
    assert [row[4] for row in rows[1:]] == ["12", "9,25", ""]
    assert rows[2][1] == "Gr\u00e4ce Hopper"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_are_no_part_of_the_first_column(export, tmp_path, encoding):
    _, rows = export("moodle", MOODLE.encode(encoding))
    assert rows[0][0] == "Identifier"
    marked = (tmp_path / "import.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert marked == (encoding == "utf-8-sig")


def test_a_roster_of_logins_becomes_a_file_for_the_gradebook_import(export):
    _, rows = export("moodle", "Username,First name,Last name\nada,Ada,Lovelace\ngrace,Grace,Hopper\n", CLASS[:2])
    assert rows[0] == ["Username", "First name", "Last name", "Grade", "Maximum Grade", "Feedback comments"]
    assert rows[1][:5] == ["ada", "Ada", "Lovelace", "12", "20"]


def test_a_worksheet_in_another_language_is_refused_with_what_to_do(export):
    with pytest.raises(GraderError, match="switch Moodle to English"):
        export("moodle", GERMAN + MOODLE.partition('comments"\n')[2])


def test_a_grade_that_is_locked_in_moodle_is_told(export):
    outcome, _ = export("moodle", MOODLE.replace("Yes", "No", 1), CLASS[:2])
    assert ("ada", "its grade is locked in Moodle") in problems_of(outcome)


def test_moodle_takes_one_assignment_at_a_time(export):
    grades = [graded("ada"), graded("ada", name="dcgan")]
    with pytest.raises(GraderError, match="expected one assignment, got vanilla_gan, dcgan"):
        export("moodle", MOODLE, grades)
    _, rows = export("moodle", MOODLE, grades, assignments=("dcgan",))
    assert rows[1][4] == "12"


def test_a_score_above_the_maximum_is_refused_since_moodle_would_skip_it(export):
    with pytest.raises(GraderError, match="got a maximum of 15"):
        export("moodle", MOODLE, [graded("ada", 18.0, max_score=20.0)])


# nbgrader and plain lists


def test_nbgrader_gets_the_columns_that_its_own_export_writes(export):
    exporter = pytest.importorskip("nbgrader.plugins.export", reason="nbgrader is not installed")
    source = Path(exporter.__file__).read_text()
    columns = re.findall(r'"(\w+)"', source[source.index("keys = [") : source.index("fh.write(")])
    outcome, rows = export("nbgrader", None)
    assert rows[0] == columns
    assert rows[1] == ["vanilla_gan", "", "2026-03-09 17:09:41", "ada", "", "", "", "12.0", "0.0", "12.0", "20"]
    assert outcome.problems == ()


def test_nbgrader_gets_names_from_the_roster_and_a_0_for_who_handed_nothing_in(export):
    outcome, rows = export("nbgrader", CANVAS)
    found = {row[3]: row for row in rows[1:]}
    assert found["ada"][4:7] == ["Lovelace", "Ada", ""]
    assert found["alan"][7:10] == ["0.0", "0.0", "0.0"]
    assert set(found) == {"ada", "grace", "zoe", "alan"}
    assert problems_of(outcome) == [("zoe", "not in the roster"), ("alan", "in the roster, but no result")]


def test_a_plain_list_has_everybody_and_every_assignment(export):
    outcome, rows = export(
        "csv", "login,mail\nada,a@x\nalan,b@x\n", [*CLASS, graded("ada", name="dcgan")], match="login"
    )
    assert rows[0] == [
        *("student", "login", "mail", "vanilla_gan", "vanilla_gan max", "vanilla_gan status"),
        *("dcgan", "dcgan max", "dcgan status"),
    ]
    assert rows[1] == ["ada", "ada", "a@x", "12.0", "15.0", "graded", "12.0", "15.0", "graded"]
    assert [row[0] for row in rows[1:]] == ["ada", "grace", "zoe", "alan"]
    assert rows[-1] == ["alan", "alan", "b@x", "", "", "", "", "", ""]
    assert len(outcome.problems) == 3


# Whatever the platform


@pytest.mark.parametrize("kind", ["canvas", "moodle", "nbgrader", "csv"])
def test_no_cell_starts_a_formula(export, kind):
    roster = {"canvas": CANVAS, "moodle": MOODLE}.get(kind)
    if roster:
        roster = roster.replace("Alan Turing", "=1+1").replace("Turing, Alan", "@SUM(1)")
    _, rows = export(kind, roster, [*CLASS, graded("=cmd|' /C calc'!A0")])
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t", "-")) and cell != "-"]


def test_an_id_that_is_twice_in_the_roster_is_refused_with_its_rows(export):
    with pytest.raises(GraderError, match="SIS Login ID: 'ada' stands in rows 4 and 5; expected it once"):
        export("canvas", CANVAS.replace(",grace,", ",ada,"))


def test_namesakes_are_refused_only_where_it_matters(export):
    roster = MOODLE.replace("Grace Hopper", "Alan Turing")
    outcome, _ = export("moodle", roster, [graded("Ada Lovelace")])
    assert outcome.matched_by == "Full name"
    with pytest.raises(GraderError, match="'alanturing' stands in rows 3 and 4"):
        export("moodle", roster, [graded("Alan Turing")])


def test_two_students_of_the_results_never_share_a_row(export):
    with pytest.raises(GraderError, match="both 'ADA' and 'ada' of the results belong to it"):
        export("canvas", CANVAS, [graded("ada"), graded("ADA")])


def test_the_column_that_finds_most_is_taken_unless_one_is_named(export):
    roster = CANVAS.replace("S-1", "grace")
    outcome, _ = export("canvas", roster)
    assert outcome.matched_by == "SIS Login ID"
    outcome, rows = export("canvas", roster, match="sis user id")
    assert (outcome.matched_by, rows[3][-1]) == ("SIS User ID", "9.25")


def test_a_column_that_is_not_there_is_refused_with_the_nearest(export):
    with pytest.raises(GraderError, match="--match SIS Login: no such column; did you mean 'SIS Login ID'"):
        export("canvas", CANVAS, match="SIS Login")


def test_a_broken_record_is_a_problem_and_no_0(export, tmp_path):
    write_records(tmp_path / "out", [graded("alan")])
    (tmp_path / "out/results/alan/vanilla_gan.json").write_text("{")
    outcome, rows = export("canvas", CANVAS)
    assert rows[5][-1] == ""
    assert ("alan", "vanilla_gan") in [(p.student, p.assignment) for p in outcome.problems]


def test_written_answers_that_wait_are_mentioned(export):
    outcome, _ = export("canvas", CANVAS, [graded("ada", needs_manual=("comparison",))])
    assert outcome.notes == ("1 submissions have written answers that no person has read yet",)


@pytest.mark.parametrize(
    ("roster", "message"),
    [
        (b"", "expected a heading and rows below it"),
        (b"Student,ID,Section\n", "expected a heading and rows below it"),
        (b"\x89PNG\0\x1a", "expected text in UTF-8"),
        (b'Student,ID,Section\n"ada,1,2\n', "expected CSV"),
        (b"Student,ID,Section\nada,1,2,3\n", "row 2: expected 3 cells"),
    ],
)
def test_a_roster_that_cannot_be_read_is_refused(export, roster, message):
    with pytest.raises(GraderError, match=message):
        export("canvas", roster)


@pytest.mark.parametrize(("kind", "words"), [("canvs", "did you mean 'canvas'"), ("moodle", "--roster, got none")])
def test_a_format_that_is_unknown_or_lacks_its_roster_is_refused(export, kind, words):
    with pytest.raises(GraderError, match=words):
        export(kind, None)


def test_the_roster_is_never_written_over(export, tmp_path):
    write_records(tmp_path / "out", CLASS)
    roster = tmp_path / "import.csv"
    roster.write_text(CANVAS)
    with pytest.raises(GraderError, match="expected another file than the roster"):
        export_scores(tmp_path / "out", COURSE, Settings("canvas", roster, roster))
    assert roster.read_text() == CANVAS


@pytest.mark.parametrize("value", ["dcgan", "dcgan=", "dcgn=x"])
def test_a_column_option_that_is_none_is_refused(value):
    with pytest.raises(GraderError, match=r"--column|did you mean 'dcgan'"):
        parse_columns([value], COURSE)
