"""Suite × submission → Grade, in the real sandbox."""

from autograder.results import Grade, decode_grade, encode_grade


def exercise(grade, name):
    return next(result for result in grade.exercises if result.id == name)


def test_right_submission_gets_every_automatic_point_and_waits_for_the_written_question(grade):
    result = grade(reason="Because I say so.")
    assert (result.status, result.score, result.max_score) == ("graded", 5.0, 5.0)
    assert result.needs_manual == ("reason",)
    assert grade().needs_manual == ()  # nothing was written, nobody need read it
    assert result.isolation == "nested"
    assert {"autograder", "torch", "python"} <= result.versions.keys()


def test_known_mistake_gets_its_hint_and_keeps_the_points_of_other_tests(grade):
    result = exercise(grade(double="def double(x):\n    return x * x"), "double")
    assert result.score == 0.0
    assert result.tests[0].hint == "Did you square?"
    result = exercise(grade(double="def double(x):\n    return 2 * x + 1"), "double")
    assert (result.score, result.status) == (1.0, "partial")


def test_untouched_exercise_is_missing_and_says_so_without_a_traceback(grade, small):
    stub = 'def double(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
    result = exercise(grade(double=stub), "double")
    assert (result.status, result.score) == ("missing", 0.0)
    assert {test.message for test in result.tests} == {"this exercise has not been filled in yet"}


def test_exception_in_student_code_is_an_error_with_its_name(grade):
    result = exercise(grade(double="def double(x):\n    return x.no_such_thing"), "double")
    assert result.status == "error"
    assert "double raised AttributeError" in result.tests[0].message


def test_endless_function_times_out_and_leaves_the_other_exercise_its_points(grade):
    result = grade(double="def double(x):\n    while True:\n        pass")
    assert exercise(result, "double").status == "timeout"
    assert exercise(result, "halve").score == 2.0


def test_function_that_ends_its_process_fails_alone(grade):
    result = grade(double="import os\ndef double(x):\n    os._exit(0)")
    assert [test.status for test in exercise(result, "double").tests] == ["error", "error"]
    assert exercise(result, "halve").score == 2.0


def test_function_that_takes_too_much_memory_is_named(grade):
    result = grade(double="def double(x):\n    return torch.zeros(1 << 30)")
    assert exercise(result, "double").status == "memory"
    assert exercise(result, "halve").score == 2.0


def test_cell_that_fails_does_not_take_the_definitions_behind_it(grade):
    result = grade(double="1 / 0\ndef double(x):\n    return 2 * x")
    assert result.score == 5.0
    assert [cell.status for cell in result.cells if cell.id == "double"] == ["error"]


def test_endless_cell_is_stopped_and_its_function_still_counts(grade):
    result = grade(double="while True:\n    pass\ndef double(x):\n    return 2 * x")
    assert result.score == 5.0
    assert [cell.status for cell in result.cells if cell.id == "double"] == ["timeout"]


def test_training_cell_is_skipped(grade):
    assert [cell.status for cell in grade().cells if cell.id == "train"] == ["skipped"]


def test_record_survives_its_json(grade, tmp_path):
    result = grade()
    assert decode_grade(encode_grade(result), tmp_path) == result
    assert isinstance(result, Grade)


def test_name_reused_for_a_list_later_on_does_not_hide_the_function(grade):
    result = grade(halve="def halve(x):\n    return x / 2\ndouble = [1, 2, 3]")
    assert result.score == 5.0
