"""The marker lint finds every line that nbgrader would leave in place, and no prose."""

import pytest

from autograder.markers import find_resemblance, lint_cell

SOUND = ["def scale(x):", "    ### BEGIN SOLUTION", "    return x", "    ### END SOLUTION"]


def lint(lines, *, kind="exercise", commented=False):
    return lint_cell("a.py", 10, lines, kind=kind, commented=commented)


def test_sound_exercise_has_no_problems():
    assert lint(SOUND) == []


def test_two_regions_in_one_cell_are_sound():
    assert lint([*SOUND, *SOUND]) == []


def test_sound_question_has_no_problems():
    lines = ["# Why?", "# ### BEGIN SOLUTION", "# Because.", "# ### END SOLUTION"]
    assert lint(lines, kind="question", commented=True) == []


def test_indented_marker_of_a_question_is_refused_since_its_comment_sign_would_stay():
    lines = ["# Why?", "  # ### BEGIN SOLUTION", "# Because.", "# ### END SOLUTION"]
    assert "alone on its line" in lint(lines, kind="question", commented=True)[0]


def test_question_in_a_string_is_read_as_well():
    lines = ['"""', "Why?", "### BEGIN SOLUTION", "Because.", "### END SOLUTION", '"""']
    assert lint(lines, kind="question", commented=True) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("### BEGIN SOLUTON", "### BEGIN SOLUTION"),
        ("### BEGIN SOLUTIONS", "### BEGIN SOLUTION"),
        ("### BEIGN SOLUTION", "### BEGIN SOLUTION"),
        ("### Begin Solution", "### BEGIN SOLUTION"),
        ("# begin solution", "### BEGIN SOLUTION"),
        ("### begin solutoin", "### BEGIN SOLUTION"),
        ("### BEGIN  SOLUTION", "### BEGIN SOLUTION"),
        ("### BEGIN_SOLUTION", "### BEGIN SOLUTION"),
        ("###BEGINSOLUTION", "### BEGIN SOLUTION"),
        ("###BEGIN SOLUTION", "### BEGIN SOLUTION"),
        ("# BEGIN SOLUTION", "### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION (two lines)", "### BEGIN SOLUTION"),
        ("### START SOLUTION", "### BEGIN SOLUTION"),
        ("x = 1  ### BEGIN SOLUTION", "### BEGIN SOLUTION"),
        ("### EDN SOLUTION", "### END SOLUTION"),
        ("### END SOLUTIN", "### END SOLUTION"),
        ("### End solution", "### END SOLUTION"),
        ("### STOP SOLUTION", "### END SOLUTION"),
    ],
)
def test_mistyped_marker_is_named_with_line_and_suggestion(typed, meant):
    problems = lint([typed, "x = 1"], kind="other")
    assert problems == [f"a.py, line 10: found {typed!r}; did you mean {meant!r}, alone on its line?"]


@pytest.mark.parametrize(
    "prose",
    [
        "In the end solution quality matters.",
        "begin solution finding with a drawing",
        "## The solution",
        "## And solution",
        "### A solution in closed form",
        "BEGIN with the SOLUTION of the exercise",
        "THE SOLUTION",
        "### Best solution",
        "TRANSPOSED AND CONVOLUTION",
        "the problem and its",
        "and solution",
        "ends resolution",
        "mark the scheme",
        "solution = begin + end",
        "end_solution_step = 3",
        "hidden tests look at more than these checks",
    ],
)
def test_ordinary_prose_and_code_is_no_marker(prose):
    assert find_resemblance(prose) is None
    assert lint([prose], kind="other") == []


@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN HIDDEN TESTS",
        "### END HIDDEN TESTS",
        "### BEGIN HIDEN TEST",
        "### BEGIN MARK SCHEME",
        "### AUTOTEST f(1)",
    ],
)
def test_other_markers_of_nbgrader_are_refused(line):
    (problem,) = lint([line], kind="other")
    assert "found nbgrader's" in problem
    assert "belong" in problem


def test_nested_region_is_named_with_both_lines():
    lines = ["### BEGIN SOLUTION", "x = 1", "### BEGIN SOLUTION", "### END SOLUTION"]
    assert "a.py, line 12: found '### BEGIN SOLUTION' inside the region of line 10" in lint(lines)[0]


def test_region_without_end_is_named():
    assert lint(SOUND[:-1]) == [
        "a.py, line 11: found '### BEGIN SOLUTION'; expected '### END SOLUTION' before the cell's end"
    ]


def test_end_without_region_is_named():
    assert "line 10: found '### END SOLUTION'; expected '### BEGIN SOLUTION' before it" in lint(["### END SOLUTION"])[0]


def test_region_without_content_is_named():
    (problem,) = lint(["### BEGIN SOLUTION", "", "### END SOLUTION"])
    assert "expected a solution" in problem


@pytest.mark.parametrize("kind", ["exercise", "question"])
def test_cell_that_needs_a_region_and_has_none_is_named_by_its_header(kind):
    assert lint(["return x"], kind=kind) == [
        "a.py, line 9: expected lines '### BEGIN SOLUTION' and '### END SOLUTION', found none"
    ]


def test_markers_outside_exercises_and_questions_are_refused():
    problems = lint(SOUND, kind="other")
    assert len(problems) == 2
    assert all("only in exercise and question cells" in problem for problem in problems)


def test_three_signs_are_kept_for_markers_in_an_exercise():
    (problem,) = lint([*SOUND, "### now my answer"])
    assert "found '### now my answer'" in problem


def test_all_problems_of_a_cell_are_listed():
    assert len(lint(["### BEGIN SOLUTON", "### END SOLUTON"])) == 2
