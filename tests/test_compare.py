"""Comparisons: what passes, what fails, and what a message may say."""

import math

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting, is_close
from autograder.sandbox.proxy import StudentRaised, WrongAnswer

WANT = torch.tensor([0.25, -4.0, 1.5])


def failure(*args, **kwargs):
    with pytest.raises(WrongAnswer) as caught:
        expect_close(*args, **kwargs)
    return caught.value


def test_expect_raises_message_and_hint_only_where_the_condition_fails():
    expect(True, "unused")
    with pytest.raises(WrongAnswer) as caught:
        expect(False, "the flag is down", "Did you lift it?")
    assert (caught.value.message, caught.value.hint) == ("the flag is down", "Did you lift it?")


@pytest.mark.parametrize("factor", [1.0, 1 + 5e-6, 1 - 5e-6])
def test_values_within_float32_rounding_pass(factor):
    expect_close(WANT * factor, WANT, "values")


def test_values_beyond_float32_rounding_fail():
    assert "expected other numbers in" in failure(WANT * (1 + 1e-4), WANT, "values").message


def test_gradients_have_the_wider_tolerance():
    expect_close(WANT * (1 + 5e-4), WANT, "gradient", forward=False)
    failure(WANT * (1 + 2e-3), WANT, "gradient", forward=False)


def test_tolerance_follows_the_largest_entry_so_that_entries_near_zero_may_round():
    expect_close(torch.tensor([1000.0, 1e-4]), torch.tensor([1000.0, 0.0]), "values")
    failure(torch.tensor([1.0, 1e-4]), torch.tensor([1.0, 0.0]), "values")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_never_pass(bad):
    got = WANT.clone()
    got[1] = bad
    assert "got NaN or infinity in 1 of 3 entries" in failure(got, WANT, "values").message
    assert not is_close(torch.tensor(bad), torch.tensor(bad))


def test_nan_is_wrong_even_where_a_mistake_or_the_students_own_function_gives_nan():
    nothing = torch.tensor(math.nan)
    wrong = failure(nothing, torch.tensor(1.0), "loss", mistakes={"Is it NaN?": nothing}, own=lambda: nothing)
    assert wrong.hint == ""


def test_complex_numbers_are_a_wrong_answer_and_no_fault_of_the_grader():
    assert failure(WANT * 1j, WANT, "values").message == "values: expected real numbers, got complex ones"
    assert failure(WANT * 1j, WANT * 2j, "values").message == "values: expected other numbers, got complex ones"


def test_shapes_must_agree_and_the_message_names_both():
    message = failure(torch.zeros(3, 1), torch.zeros(3), "logits").message
    assert message == "logits: expected shape (3,), got (3, 1)"


def test_known_mistake_gets_its_hint():
    mistakes = {"Did you halve?": WANT / 2, "Did you double?": 2 * WANT}
    assert failure(2 * WANT, WANT, "loss", mistakes=mistakes, hint="other").hint == "Did you double?"
    assert failure(3 * WANT, WANT, "loss", mistakes=mistakes, hint="other").hint == "other"


def test_mistake_that_gives_the_right_value_for_this_input_says_nothing():
    nearly = WANT * (1 + 2e-5)
    assert failure(nearly, WANT, "loss", mistakes={"Did you do nothing?": WANT}).hint == ""


def test_mistakes_may_be_functions_and_are_called_for_wrong_answers_only():
    asked = []

    def doubled():
        asked.append("mistake")
        return 2 * WANT

    expect_close(WANT, WANT, "loss", mistakes={"Did you double?": doubled})
    assert asked == []
    assert failure(2 * WANT, WANT, "loss", mistakes={"Did you double?": doubled}).hint == "Did you double?"


def test_value_that_follows_from_the_students_own_function_passes():
    expect_close(2 * WANT, WANT, "loss", own=lambda: 2 * WANT)
    expect_close(2 * WANT, WANT, "loss", own=[lambda: 3 * WANT, lambda: 2 * WANT])
    failure(2 * WANT, WANT, "loss", own=lambda: 3 * WANT)


def test_own_function_is_asked_for_wrong_answers_only():
    def never():
        raise AssertionError("asked for a right answer")

    expect_close(WANT, WANT, "loss", own=never)


def test_own_function_that_fails_offers_nothing():
    def broken():
        raise StudentRaised("bce_with_logits", ("TypeError",), "no", "line 1")

    assert failure(2 * WANT, WANT, "loss", own=broken).message.startswith("loss")


def test_plain_numbers_compare_like_tensors():
    expect_close(0.5, torch.tensor(0.5), "loss")
    assert failure(0.75, 0.5, "loss").message.startswith("loss: expected another number, got 0.75, off by about")


def test_message_does_not_give_the_wanted_values_away():
    want = torch.tensor([0.123456, 0.654321])
    for got in (want + 0.1, want * 1.25, torch.zeros(2), torch.zeros(3)):
        message = failure(got, want, "values").message
        assert "0.123" not in message
        assert "0.654" not in message
    scalar = failure(torch.tensor(2.0), torch.tensor(1.2345678), "loss").message
    assert (
        scalar == "loss: expected another number, got 2, off by about 0.6 of its size"
    )  # one digit: 1.25 within a tenth, no more


def test_empty_tensors_agree():
    expect_close(torch.zeros(0), torch.zeros(0), "nothing")


@pytest.mark.parametrize(
    ("got", "want"), [(3, 3), ("same", "same"), ((1, 28), (1, 28)), ([1, 28], (1, 28)), (True, True), (None, None)]
)
def test_equal_values_pass(got, want):
    expect_equal(got, want, "value")


@pytest.mark.parametrize(("got", "want"), [(True, 1), (1, True), (1.0, 1), ("1", 1), ((1,), (1, 2)), (None, 0)])
def test_values_of_another_kind_or_length_fail(got, want):
    with pytest.raises(WrongAnswer):
        expect_equal(got, want, "value")


def test_wanted_value_is_shown_only_where_the_test_says_so():
    for shown in (False, True):
        with pytest.raises(WrongAnswer) as caught:
            expect_equal(7, 114064, "number of parameters", shown=shown)
        assert ("114064" in caught.value.message) is shown
        assert "7" in caught.value.message


def test_equal_names_known_mistakes():
    with pytest.raises(WrongAnswer) as caught:
        expect_equal(10, 12, "count", mistakes={"Is a bias missing?": 10, "Is one too many?": 13}, hint="other")
    assert caught.value.hint == "Is a bias missing?"


def test_long_values_are_cut_in_messages():
    with pytest.raises(WrongAnswer) as caught:
        expect_equal("x" * 10_000, "y", "text")
    assert len(caught.value.message) < 150


def test_hinting_gives_a_hint_to_wrong_answers_without_one():
    with pytest.raises(WrongAnswer) as caught, hinting("Did you average?"):
        expect(False, "a shape is wrong")
    assert caught.value.hint == "Did you average?"


def test_hinting_keeps_a_hint_that_is_there():
    with pytest.raises(WrongAnswer) as caught, hinting("Did you average?"):
        expect(False, "a shape is wrong", "Did you squeeze?")
    assert caught.value.hint == "Did you squeeze?"


@pytest.mark.parametrize("errors", [False, True])
def test_hinting_leaves_exceptions_of_the_students_code_alone_unless_asked(errors):
    with pytest.raises(StudentRaised) as caught, hinting("Did you average?", errors=errors):
        raise StudentRaised("loss", ("TypeError",), "unsupported", "line 3")
    assert caught.value.hint == ("Did you average?" if errors else "")
