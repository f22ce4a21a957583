"""assignment.toml is read strictly, and every refusal says what to do."""

import pytest

from autograder.course import did_you_mean, find_root, load_course
from autograder.errors import AuthorError, GraderError


@pytest.fixture
def description(tiny):
    return tiny.text.with_name("assignment.toml")


def test_assignment_is_read_with_its_defaults(tiny):
    assert (tiny.title, tiny.order, tiny.data) == ("Tiny", 1, ("points.csv",))
    assert (tiny.limits.cell_seconds, tiny.limits.total_seconds, tiny.limits.memory_mb) == (10.0, 60.0, 1024)
    assert tiny.exercise("scale").cpu_seconds == 5.0


def test_manual_questions_count_apart(tiny):
    assert [exercise.id for exercise in tiny.graded] == ["scale"]
    assert [exercise.id for exercise in tiny.manual] == ["reason"]
    assert tiny.max_score == 3.0


def test_stages_of_an_assignment_lie_below_the_root(tiny):
    assert tiny.source == tiny.root / "source/tiny"
    assert tiny.release == tiny.root / "release/tiny"
    assert tiny.suite == tiny.root / "autograder/suites/tiny"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("order = 1", "ordre = 1\norder = 1", r"unknown field `ordre`.*did you mean 'order'\?"),
        ("points = 3", "piont = 3\npoints = 3", r"unknown field `piont`.*did you mean 'points'\?"),
        ("order = 1\n", "", r"missing required field `order`"),
        ("points = 3", 'points = "three"', r"Expected `float`, got `str`"),
        ("points = 3", "points = 0", r"exercise 'scale': expected points above 0 and at most 1,000,000, got 0"),
        ("points = 3", "points = nan", r"exercise 'scale': expected points above 0 and at most 1,000,000, got nan"),
        ("points = 3", "points = 3\ncpu_seconds = 0", r"exercise 'scale': expected cpu_seconds above 0 and .*, got 0"),
        ("order = 1", "order = 1\nlimits = {memory_mb = 0}", r"limits: expected memory_mb above 0 and .*, got 0"),
        ("manual = true", 'manual = true\nentry_points = ["f"]', r"exercise 'reason': expected either entry_points"),
        ('["scale"]', '["scale it"]', r"expected entry_points to be names .*, got 'scale it'"),
        ('id = "scale"', 'id = "Scale it"', r"exercise 'Scale it': expected an id of lower-case letters"),
        ('entry_points = ["scale"]', "", r"exercise 'scale': expected either entry_points"),
        ('id = "reason"', 'id = "scale"', r"exercise ids must be unique, found twice: scale"),
        ("order = 1", "order = ", r"not valid TOML"),
        ("points = 3", "points = 1e308", r"exercise 'scale': expected points above 0 and .*, got 1e\+308"),
        ("points = 3", f"points = 1{'0' * 400}", r"points"),
        ("order = 1", f"order = 1\nlimits = {{memory_mb = 1{'0' * 400}}}", r"limits: expected memory_mb above 0 and"),
        ("order = 1", f"order = {'9' * 5000}", r"not valid TOML: .*limit"),
        ("order = 1", "order = " + "[" * 10_000, r"not valid TOML: .*recursion"),
        ("order = 1", 'order = 1\n"a\\nb" = 2', r"unknown field `a b`"),
        ("order = 1", "order = 1\nlimits = {memory_mb = 1_000_001}", r"limits: expected memory_mb above 0 and"),
        ('"points.csv"', '"points.csv\\u0000"', r"data: expected names of files or folders"),
        ('title = "Tiny"', 'title = " "', r"expected a title of one line"),
        ('title = "Scale"', 'title = "Sc\\nale"', r"exercise 'scale': expected a title of one line"),
        ('id = "scale"', f'id = "{"s" * 59}"', r"expected an id of .*, 58 of them at most"),
        ('["scale"]', '["class"]', r"expected entry_points to be names of functions or classes, got 'class'"),
        ('["scale"]', '["scale", "scale"]', r"entry_points must be unique, found twice: scale"),
    ],
)
def test_fault_in_the_description_is_refused_with_its_file(tiny, description, edit, old, new, message):
    edit(description, old, new)
    with pytest.raises(AuthorError, match=rf"assignment\.toml: .*{message}"):
        load_course(tiny.root)


def test_description_that_is_no_text_is_refused(tiny, description):
    description.write_bytes(b'title = "\xff"')
    with pytest.raises(AuthorError, match=r"assignment\.toml: not valid TOML"):
        load_course(tiny.root)


def test_description_without_exercises_is_refused(tiny, description):
    description.write_text('title = "Tiny"\norder = 1\nexercise = []\n')
    with pytest.raises(AuthorError, match=r"expected an \[\[exercise\]\] at least, found none"):
        load_course(tiny.root)


def test_description_that_is_a_folder_is_refused(tiny, description):
    description.unlink()
    description.mkdir()
    with pytest.raises(AuthorError, match=r"assignment\.toml: expected a readable file"):
        load_course(tiny.root)


def test_exercise_that_does_not_exist_gets_a_suggestion(tiny):
    with pytest.raises(AuthorError, match=r"tiny: no exercise 'scael'; did you mean 'scale'\?"):
        tiny.exercise("scael")


def test_assignment_that_does_not_exist_gets_a_suggestion_and_the_list(tiny):
    with pytest.raises(GraderError, match=r"no assignment 'tinny'; did you mean 'tiny'\? \(there are: tiny\)"):
        load_course(tiny.root).assignment("tinny")


def test_assignments_are_in_teaching_order_whatever_is_asked_first(tiny, description, edit):
    first = tiny.root / "assignments/zero/assignment.toml"
    first.parent.mkdir()
    first.write_text(description.read_text().replace("order = 1", "order = 0"))
    course = load_course(tiny.root)
    assert [assignment.name for assignment in course.select([])] == ["zero", "tiny"]
    assert [assignment.name for assignment in course.select(["tiny", "zero"])] == ["zero", "tiny"]
    assert [assignment.name for assignment in course.select(["tiny"])] == ["tiny"]


def test_folder_without_assignments_is_no_course(tmp_path):
    with pytest.raises(GraderError, match=r"expected folders with an assignment\.toml, found none; check --root"):
        load_course(tmp_path)


def test_root_is_found_from_a_folder_inside(tiny):
    assert find_root(tiny.text.parent) == tiny.root.resolve()


def test_project_of_another_kind_is_no_root(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    with pytest.raises(GraderError, match=r"expected a folder inside a course .*--root"):
        find_root(tmp_path)


def test_far_names_get_no_suggestion():
    assert did_you_mean("cyclegan", ["dcgan", "pix2pix"]) != ""
    assert did_you_mean("zzz", ["dcgan", "pix2pix"]) == ""
