"""Accessors: the right type comes out, any other is a wrong answer with a message in words."""

import contextlib
import math

import numpy as np
import pytest
import torch
from hypothesis import given

from autograder.sandbox.answer import Answer, Named, StudentRaised, WrongAnswer, shorten
from autograder.sandbox.worker import protocol, values
from autograder.sandbox.worker.values import ArrayValue, DictValue, ListValue, OpaqueValue, ScalarValue, TensorValue
from tests.sandbox.test_protocol import trees


def answer(value) -> Answer:
    """What a student's function returned, after its way over the wall."""
    blobs: list[bytes] = []
    packed = values.pack(value, blobs)
    return Answer(packed, [bytearray(blob) for blob in blobs], "f")


ACCESSORS = {
    "tensor": lambda a: a.tensor((2,)),
    "any tensor": lambda a: a.tensor(None, None),
    "shape": Answer.shape,
    "array": lambda a: a.array((2,), "f4"),
    "number": Answer.number,
    "number or tensor": lambda a: a.number(tensor_ok=True),
    "integer": Answer.integer,
    "text": Answer.text,
    "boolean": Answer.boolean,
    "path": Answer.path,
    "sequence": lambda a: a.sequence(2),
    "mapping": lambda a: a.mapping(("a",)),
    "described": lambda a: a.described,
    "plain": Answer.plain,
}


@given(trees)
def test_no_answer_whatever_it_is_raises_anything_but_a_wrong_answer(tree):
    try:
        value = protocol.decode(
            protocol.REPLY, bytearray(protocol.ENCODER.encode({"number": 1, "result": {"type": "done", "value": tree}}))
        ).result.value
    except values.ProtocolError:
        return
    for access in ACCESSORS.values():
        with contextlib.suppress(WrongAnswer):
            access(Answer(value, [bytearray(8)], "f"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (torch.ones(8, 1), "a float32 tensor of shape (8, 1)"),
        (torch.ones(3), "a float32 tensor of shape (3,)"),
        (np.ones(2), "a NumPy array of shape (2,)"),
        ([1, 2], "a list of 2"),
        ((1,), "a tuple of 1"),
        ({"a": 1}, "a dict of 1"),
        (np.float32(1), "a NumPy float32"),
        (True, "a bool"),
        (3, "a Python int"),
        (3.0, "a Python float"),
        ("x", "a str"),
        (object(), "an object of type object"),
    ],
)
def test_values_are_described_in_words(value, words):
    assert answer(value).described == words


def test_described_dtype_is_no_way_to_fill_a_page():
    lying = Answer(TensorValue("<script>" * 10_000, (1,), 0), [bytearray(4)], "f")
    with pytest.raises(WrongAnswer) as wrong:
        lying.tensor((2,))
    assert len(wrong.value.message) < 200


@pytest.mark.parametrize(
    ("value", "shape", "dtype"),
    [
        (torch.ones(2), (2,), torch.float32),
        (torch.ones(2, 5), (2, None), torch.float32),
        (torch.ones(2, 5, requires_grad=True), None, torch.float32),
        (torch.ones(2).long(), (2,), None),
    ],
)
def test_tensor_of_the_wanted_shape_and_dtype_comes_out_detached(value, shape, dtype):
    tensor = answer(value).tensor(shape, dtype)
    assert torch.equal(tensor, value)
    assert not tensor.requires_grad


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (torch.ones(3), r"f: expected a tensor of shape \(2,\), got a float32 tensor of shape \(3,\)"),
        (torch.ones(2).double(), "f: expected a float32 tensor, got a float64 tensor"),
        (torch.ones(2, device="meta"), "expected a tensor with values"),
        (1.0, "got a Python float"),
        (np.ones(2, np.float32), "got a NumPy array"),
        ([1.0, 1.0], "got a list of 2"),
    ],
)
def test_other_tensor_is_a_wrong_answer(value, message):
    with pytest.raises(WrongAnswer, match=message):
        answer(value).tensor((2,))


def test_single_number_may_be_more_exact_than_asked_for_but_no_other_type():
    loss = answer(torch.tensor(0.1, dtype=torch.float64)).tensor(())
    assert (loss.dtype, float(loss)) == (torch.float32, float(torch.tensor(0.1)))
    for value in (torch.tensor(1), torch.tensor(1.0, dtype=torch.float16)):
        with pytest.raises(WrongAnswer, match="expected a float32 tensor"):
            answer(value).tensor(())


@pytest.mark.parametrize(("value", "number"), [(2, 2.0), (2.5, 2.5), (np.int64(3), 3.0), (np.float32(0.5), 0.5)])
def test_numbers_of_python_and_numpy_are_numbers(value, number):
    assert answer(value).number() == number


def test_scalar_tensor_is_a_number_only_where_that_is_said():
    assert answer(torch.tensor(2.5)).number(tensor_ok=True) == 2.5
    with pytest.raises(WrongAnswer):
        answer(torch.tensor(2.5)).number()
    with pytest.raises(WrongAnswer):
        answer(torch.ones(1)).number(tensor_ok=True)


@pytest.mark.parametrize("value", [True, "1", None, [1], math.nan, math.inf, 2.5, 1 << 70])
def test_other_values_are_no_whole_number(value):
    with pytest.raises(WrongAnswer):
        answer(value).integer()


def test_whole_floats_are_whole_numbers():
    assert answer(3.0).integer() == 3
    assert answer(np.int32(4)).integer() == 4


def test_items_know_where_they_came_from():
    nested = answer([{"loss": "high"}])
    with pytest.raises(WrongAnswer, match=r'f\[0\]\["loss"\]: expected a number, got a str'):
        nested.sequence(1)[0].mapping(("loss",))["loss"].number()


def test_sequence_of_another_length_is_a_wrong_answer():
    assert [item.integer() for item in answer((1, 2)).sequence(2)] == [1, 2]
    with pytest.raises(WrongAnswer, match="expected a list or tuple of 3, got a list of 2"):
        answer([1, 2]).sequence(3)


def test_missing_key_is_a_wrong_answer_whenever_it_is_asked_for():
    found = answer({"a": 1, 5: 2}).mapping()
    assert list(found) == ["a"]
    with pytest.raises(WrongAnswer, match='f: expected "b", got a'):
        found["b"]
    with pytest.raises(WrongAnswer):
        answer({"a": 1}).mapping(("a", "b"))


def test_named_values_behave_as_a_dictionary_otherwise():
    named = Named("f", [("a", 1)])
    assert named == {"a": 1}
    assert named.get("b") is None
    assert "b" not in named


def test_what_is_not_there_is_a_wrong_answer_however_it_is_asked_for():
    named = Named("f", [("a", 1)])
    assert (named | {"b": 2}, named.pop("a"), named) == ({"a": 1, "b": 2}, 1, {})
    with pytest.raises(WrongAnswer, match='f: expected "a", got nothing'):
        named.pop("a")
    with pytest.raises(WrongAnswer, match='f: expected "c", got b'):
        (named | {"b": 2})["c"]
    items = answer([1, 2]).sequence()
    assert [items[-1].integer(), *(item.integer() for item in items[:1])] == [2, 1]
    with pytest.raises(WrongAnswer, match="f: expected more items, got 2"):
        items[2]


@pytest.mark.parametrize(
    "value",
    [
        OpaqueValue("x" * 10_000),
        ListValue((None,) * 10_000),
        DictValue(((None, 1),)),
        ScalarValue(math.nan, "y" * 10_000),
        ArrayValue("z" * 10_000, (1,) * 10_000, 3),
    ],
)
def test_descriptions_are_short(value):
    assert len(Answer(value, [], "f").described) < 200


def test_strangers_text_becomes_one_short_printable_line():
    assert shorten("a\x1b[31m\n\tb\u202e" + "x" * 1000, 20) == "a [31m b xxxxxxxxxx…"


def test_what_was_raised_is_told_with_its_kind_and_place():
    assert str(StudentRaised("f", ("ValueError", "Exception"), "bad", "line 3")) == "f raised ValueError: bad (line 3)"
    assert str(StudentRaised("f", (), "", "")) == "f raised an exception"
