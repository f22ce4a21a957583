"""Values and frames: what is sent comes back the same, and no lie gets past as anything but a ProtocolError."""

import math
import struct
from collections.abc import Callable

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.worker import protocol, values
from autograder.sandbox.worker.values import ArrayValue, ProtocolError, TensorValue


def cross(value, special: Callable = lambda other: other):
    """A value after its way over the wall."""
    blobs: list[bytes] = []
    frame = b"".join(protocol.encode_frame(protocol.Reply(1, protocol.Done(values.pack(value, blobs))), blobs))
    meta, received = protocol.read_frame(reader(frame))
    return values.unpack(protocol.decode(protocol.REPLY, meta).result.value, received, special)


def reader(data: bytes):
    """read(n) over these bytes; EOFError where a socket would be closed."""
    position = 0

    def read(length: int) -> bytearray:
        nonlocal position
        if position + length > len(data):
            raise EOFError
        position += length
        return bytearray(data[position - length : position])

    return read


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -(1 << 63), 1.5, math.inf, "", "ä\n", [1, [2.0, None]], (1, "a"), {"a": (1,), 2: []}],
)
def test_plain_values_come_back_with_their_types(value):
    back = cross(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("name", sorted(values.DTYPES))
@pytest.mark.parametrize("shape", [(), (3,), (0,), (2, 0, 3), (2, 3, 1, 2)])
def test_tensors_of_every_dtype_and_shape_come_back_the_same(name, shape):
    tensor = torch.randint(0, 2, shape).to(values.DTYPES[name])
    back = cross(tensor)
    assert back.dtype == tensor.dtype
    assert back.shape == tensor.shape
    assert torch.equal(back, tensor)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3).T,
        torch.arange(6.0)[::2],
        torch.ones(1).expand(3, 4),
        torch.tensor([1 + 2j]).conj(),
        torch.tensor([1 + 2j]).conj().imag,
        torch.ones(2, requires_grad=True),
        torch.nn.Parameter(torch.ones(2)),
    ],
)
def test_views_and_leaves_come_back_with_their_values(tensor):
    back = cross(tensor)
    assert torch.equal(back, tensor.detach().resolve_conj().resolve_neg())
    assert back.requires_grad == tensor.requires_grad


def test_tensor_without_memory_keeps_only_its_shape():
    back = cross(torch.empty(1 << 20, 1 << 15, device="meta"))
    assert back.shape == (1 << 20, 1 << 15)
    assert back.device.type == "meta"


@pytest.mark.parametrize("dtype", ["?", "u1", "i8", "f2", "f4", "<f8", ">f4", "c8", "c16"])
def test_arrays_come_back_in_native_order(dtype):
    array = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)[:, ::2]
    back = cross(array)
    assert back.dtype.isnative
    assert np.array_equal(back, array)
    assert cross(np.zeros((2, 0), dtype)).shape == (2, 0)


@pytest.mark.parametrize(
    "value", [object(), 1 << 70, {1, 2}, b"x", np.array(["a"]), np.zeros(1, np.longdouble), np.zeros(1, "M8[s]"), print]
)
def test_what_does_not_cross_is_described_and_not_sent(value):
    assert isinstance(cross(value), values.OpaqueValue)


def test_numpy_scalars_are_not_python_numbers():
    assert cross(np.float32(0.5)) == values.ScalarValue(0.5, "float32")


def test_nested_too_deep_is_cut_off():
    deep = []
    for _ in range(50):
        deep = [deep]
    assert "OpaqueValue" in repr(cross(deep))


def test_half_characters_do_not_stop_a_message():
    assert cross("a\ud800b") == "a?b"


FOUR = [bytearray(4)]
LIES = [
    TensorValue("float32", (2,), 0),
    TensorValue("float32", (), None, device="cuda"),
    TensorValue("float32", (-1,), 0),
    TensorValue("float32", (-1, -1), 0),
    TensorValue("float32", (1 << 62, 1 << 62), 0),
    TensorValue("float32", (0, 1 << 63), 0),
    TensorValue("float32", (0, (1 << 64) - 1), None),
    TensorValue("float32", (1 << 30, 1 << 30), None),
    TensorValue("float32", (0, 1 << 39, 1 << 39), None),
    TensorValue("float32", (1,) * 100, 0),
    TensorValue("float32", (1,), 1),
    TensorValue("float32", (1,), -1),
    TensorValue("quint8", (4,), 0),
    TensorValue("save", (), 0),
    TensorValue("", (), 0),
    ArrayValue("f4", (2,), 0),
    ArrayValue("f4", (-1,), 0),
    ArrayValue("f4", (0, 1 << 63), 0),
    ArrayValue("f4", (1,) * 70, 0),
    ArrayValue("O", (), 0),
    ArrayValue("V4", (), 0),
    ArrayValue("f2,f2", (), 0),
    ArrayValue("(2,)f2", (), 0),
    ArrayValue("f" * 5000, (), 0),
    ArrayValue("f999999999999999999999", (), 0),
    ArrayValue("M8[s]", (), 0),
    ArrayValue("f4", (1,), 7),
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_description_that_does_not_fit_the_bytes_is_refused(lie):
    blobs = [bytearray(0)] if 0 in lie.shape else FOUR
    if lie.blob is None and lie.device == "cuda":
        assert values.unpack_tensor(lie, blobs).device.type == "meta"  # a device is only a word
        return
    with pytest.raises(ProtocolError):
        (values.unpack_tensor if isinstance(lie, TensorValue) else values.unpack_array)(lie, blobs)


def test_bytes_other_than_0_and_1_make_true_and_nothing_else():
    lying = bytearray([0, 1, 2, 255])
    tensor = values.unpack_tensor(TensorValue("bool", (4,), 0), [lying])
    assert tensor.tolist() == [False, True, True, True]
    assert int(tensor.sum()) == 3
    array = values.unpack_array(ArrayValue("|b1", (4,), 0), [bytearray([0, 1, 2, 255])])
    assert int(array.sum()) == 3


def test_one_blob_named_many_times_takes_memory_once():
    blob = bytearray(1 << 20)
    tensors = [values.unpack_tensor(TensorValue("bool", (1 << 20,), 0), [blob]) for _ in range(10)]
    assert len({tensor.data_ptr() for tensor in tensors}) == 1


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<II", protocol.META_LIMIT + 1, 0),
        struct.pack("<II", 0, values.BLOBS_LIMIT + 1),
        struct.pack("<IIQ", 0, 1, protocol.BLOB_LIMIT + 1),
        struct.pack("<IIQ", 0, 1, (1 << 64) - 1),
        struct.pack("<IIQQ", 0, 2, protocol.BLOB_LIMIT, 1),
    ],
)
def test_frame_over_a_limit_is_refused_before_it_is_read(head):
    with pytest.raises(ProtocolError):
        protocol.read_frame(reader(head))


@pytest.mark.parametrize(
    "meta",
    [
        b"",
        b"\x91" * 500_000,
        b"\xc1",
        msgspec.msgpack.encode({"number": 1}),
        msgspec.msgpack.encode({"number": True, "result": {"type": "done"}}),
        msgspec.msgpack.encode({"number": 1, "result": {"type": "call"}}),
        msgspec.msgpack.encode({"number": 1, "result": {"type": "raised", "types": 3, "message": ""}}),
        msgspec.msgpack.encode({"number": 1, "result": {"type": "done", "value": {"type": "tensor", "shape": "x"}}}),
        msgspec.msgpack.encode({"number": 1 << 63, "result": {"type": "done", "value": msgspec.msgpack.Ext(1, b"")}}),
        b"\x82\xa6number\x01\xa6result\x81\xa4type\xa4\xff\xfe\xfd\xfc",
    ],
)
def test_message_of_another_form_is_refused(meta):
    with pytest.raises(ProtocolError):
        protocol.decode(protocol.REPLY, bytearray(meta))


def read_all(data: bytes) -> None:
    """Whatever these bytes are, read them as the grader would, down to the last value."""
    try:
        meta, blobs = protocol.read_frame(reader(data))
        result = protocol.decode(protocol.REPLY, meta).result
        if isinstance(result, protocol.Done):
            values.unpack(result.value, blobs, lambda other: other)
    except (ProtocolError, EOFError):
        return


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_protocol_errors(data):
    read_all(data)
    read_all(struct.pack("<II", len(data), 0) + data)


sizes = st.integers(-(1 << 63), (1 << 64) - 1) | st.integers(-2, 4)
shapes = st.lists(sizes, max_size=5)
words = st.sampled_from(["float32", "bool", "int64", "<f4", "|b1", "f999", "O", "tensor", "list"]) | st.text(max_size=8)
places = st.none() | st.integers(-2, 3)
leaves = (
    st.none()
    | st.booleans()
    | sizes
    | st.floats()
    | words
    | st.fixed_dictionaries({"type": st.just("tensor"), "dtype": words, "shape": shapes, "blob": places})
    | st.fixed_dictionaries({"type": st.just("array"), "dtype": words, "shape": shapes, "blob": places})
    | st.fixed_dictionaries({"type": words, "kind": words, "number": st.floats(), "path": words})
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.fixed_dictionaries({"type": st.just("list"), "items": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"type": st.just("dict"), "items": st.lists(st.tuples(words, inner), max_size=3)})
    ),
    max_leaves=6,
)


@given(trees, st.lists(st.binary(max_size=16), max_size=3))
def test_well_formed_lies_raise_nothing_but_protocol_errors(value, blobs):
    meta = msgspec.msgpack.encode({"number": 1, "result": {"type": "done", "value": value}})
    lengths = b"".join(struct.pack("<Q", len(blob)) for blob in blobs)
    read_all(struct.pack("<II", len(meta), len(blobs)) + lengths + meta + b"".join(blobs))
