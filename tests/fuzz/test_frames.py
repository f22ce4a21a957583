"""Frames as a worker sends them, and as one that lies would: every value is what it was promised to be, or refused."""

import contextlib
import math
import struct
from typing import Any

import msgspec
import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.answer import Answer, WrongAnswer
from autograder.sandbox.worker import protocol, values
from autograder.sandbox.worker.values import ProtocolError
from tests.fuzz.tally import TALLY, fuzzed
from tests.fuzz.trees import Draw, change_bytes, change_tree

FRAME_LIMIT = protocol.META_LIMIT + protocol.BLOB_LIMIT + values.BLOBS_LIMIT * protocol.LENGTH.size
dtypes = st.sampled_from(sorted(values.DTYPES))
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
words = st.sampled_from(("loss", "weight", "0.running_mean", "é")) | st.text(max_size=8)


@st.composite
def tensors(draw: Draw) -> torch.Tensor:
    shape, name = draw(shapes), draw(dtypes)
    tensor = torch.arange(math.prod(shape)).reshape(shape).to(values.DTYPES[name])
    floats = tensor.is_floating_point() or tensor.is_complex()
    return tensor.requires_grad_(floats and draw(st.booleans()))


arrays = st.tuples(shapes, st.sampled_from(("?", "u1", "i8", "f4", ">f4", "f8", "c8"))).map(
    lambda both: np.ones(both[0], both[1])
)
plain = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats() | words
results = st.recursive(
    plain | tensors() | arrays | st.floats(width=32).map(np.float32),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(words, inner),
    max_leaves=6,
)
small = st.integers(-2, 4) | st.sampled_from((1 << 20, 1 << 39, 1 << 40, (1 << 63) - 1, -(1 << 63), (1 << 64) - 1))
lies = small | st.floats() | words | dtypes | st.none() | st.booleans() | st.lists(small, max_size=20)
raised = st.builds(protocol.Raised, st.lists(words, max_size=3).map(tuple), words, words)
values_sent = st.recursive(
    plain
    | st.builds(values.TensorValue, words | dtypes, shapes, st.none() | st.integers(-1, 3), st.booleans(), words)
    | st.builds(values.ArrayValue, words, shapes, st.integers(-1, 3))
    | st.builds(values.ScalarValue, st.floats(), words)
    | st.one_of(*(st.builds(kind, words) for kind in (values.PathValue, values.DeviceValue, values.EntryValue)))
    | st.builds(values.RefValue, small.filter(lambda number: number < 1 << 63)),
    lambda inner: st.builds(values.ListValue, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=4,
)


@st.composite
def frames(draw: Draw) -> bytes:
    """A reply as it is sent, or one whose message, lengths or bytes were changed."""
    blobs: list[bytes] = []
    result = draw(results.map(lambda value: protocol.Done(values.pack(value, blobs))) | raised)
    meta = protocol.ENCODER.encode(protocol.Reply(draw(st.integers(0, 5)), result))
    tree = msgspec.msgpack.decode(meta)
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        inner = (
            tree["result"].get("value") if draw(st.integers(0, 7)) and isinstance(tree.get("result"), dict) else tree
        )
        change_tree(draw, inner if isinstance(inner, dict) and inner else tree, lies)
    with contextlib.suppress(OverflowError, UnicodeEncodeError):  # no MessagePack says such a number or text
        meta = msgspec.msgpack.encode(tree)
    if blobs and draw(st.integers(0, 4)) == 0:
        blobs[draw(st.integers(0, len(blobs) - 1))] = draw(st.binary(max_size=16))
    lengths = [len(meta), len(blobs), *map(len, blobs)]
    if draw(st.integers(0, 11)) == 0:
        lengths[draw(st.integers(0, len(lengths) - 1))] = draw(st.integers(0, 99) | st.integers(0, (1 << 32) - 1))
    frame = struct.pack(f"<II{len(lengths) - 2}Q", *lengths) + meta + b"".join(blobs)
    return change_bytes(draw, frame)[0] if draw(st.integers(0, 11)) == 0 else frame


@fuzzed
@given(
    frames(),
    st.lists(st.none() | st.integers(0, 4), max_size=3).map(tuple),
    st.none() | dtypes.map(values.DTYPES.__getitem__),
)
def test_a_frame_holds_what_it_promises_or_is_refused(frame, shape, dtype):
    with TALLY.example():
        try:
            meta, blobs = protocol.read_frame(reader(frame))
            reply = protocol.decode(protocol.REPLY, meta)
        except (ProtocolError, EOFError):
            return
        TALLY.got_past()
        assert type(reply) is protocol.Reply
        assert protocol.decode(protocol.REPLY, bytearray(protocol.ENCODER.encode(reply))) == reply or has_nan(reply)
        if isinstance(reply.result, protocol.Done):
            check_answer(Answer(reply.result.value, blobs, "f"), shape, dtype)
        else:
            assert all(isinstance(name, str) for name in reply.result.types)


@fuzzed
@given(results)
def test_what_is_packed_comes_back_equal(value):
    blobs: list[bytes] = []
    pieces = protocol.encode_frame(protocol.Reply(1, protocol.Done(values.pack(value, blobs))), blobs)
    meta, received = protocol.read_frame(reader(b"".join(pieces)))
    back = values.unpack(protocol.decode(protocol.REPLY, meta).result.value, received, lambda other: other)
    assert_same(back, value)


@fuzzed
@given(
    st.builds(
        protocol.Call,
        st.one_of(words, st.integers(0, 9)),
        st.lists(values_sent, max_size=3).map(tuple),
        st.dictionaries(words, values_sent, max_size=2),
        st.none() | words,
        st.none() | st.integers(0, 9),
        st.none() | words,
        st.none() | st.builds(protocol.Backward, st.lists(small, max_size=2).map(tuple), st.none(), values_sent),
    )
)
def test_a_request_comes_back_equal(request):
    message = protocol.Message(3, request)
    meta, _ = protocol.read_frame(reader(b"".join(protocol.encode_frame(message, []))))
    back = protocol.decode(protocol.MESSAGE, meta)
    assert back == message or has_nan(message)


def check_answer(answer: Answer, shape: tuple[int | None, ...], dtype: torch.dtype | None) -> None:
    """Every accessor gives what it promises, for this value and those inside, or says in words what it got."""
    tensor = ask(lambda: answer.tensor(shape, dtype))
    if tensor is not None:
        assert type(tensor) is torch.Tensor
        assert not tensor.requires_grad
        assert tensor.device.type == "cpu"
        assert fits(tensor.shape, shape)
        assert dtype is None or tensor.dtype is dtype
        assert tensor.numel() == len(tensor.flatten().tolist())
    array = ask(lambda: answer.array(shape, "float32"))
    if array is not None:
        assert type(array) is np.ndarray
        assert fits(array.shape, shape)
        assert (array.dtype, array.dtype.isnative) == (np.float32, True)
    floats = ask(lambda: answer.floats(shape))
    assert floats is None or (floats.dtype is torch.float64 and fits(floats.shape, shape))
    for access, kind in (
        (answer.number, float),
        (answer.integer, int),
        (answer.text, str),
        (answer.boolean, bool),
        (answer.path, str),
        (lambda: answer.number(tensor_ok=True), float),
    ):
        given = ask(access)
        assert given is None or type(given) is kind
    assert type(answer.plain()) in (bool, int, float, str, type(None))
    meant = ask(answer.shape)
    assert meant is None or all(type(size) is int and size >= 0 for size in meant)
    check_words(answer.described)
    assert type(answer.requires_grad) is type(answer.is_none) is bool
    items = ask(answer.sequence)
    assert ask(lambda: answer.sequence(2)) is None or len(items) == 2
    for item in items or ():
        check_answer(item, shape, dtype)
    entries = ask(answer.mapping)
    for key, item in (entries or {}).items():
        assert type(key) is str
        check_answer(item, shape, dtype)
    named = ask(lambda: answer.mapping(("loss",)))
    assert named is None or "loss" in named


def ask(access: Any) -> Any:
    """What an accessor gives; None for a wrong answer, whose words are looked at."""
    try:
        return access()
    except WrongAnswer as wrong:
        check_words(wrong.message)
        return None


def check_words(text: str) -> None:
    assert text
    assert text.isprintable()
    assert len(text) < 500


def fits(shape: Any, wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, size) for size, w in zip(shape, wanted, strict=True))


def has_nan(value: object) -> bool:
    """NaN is no equal of itself."""
    return "nan" in repr(value)


def assert_same(back: object, value: object) -> None:
    if isinstance(value, torch.Tensor):
        assert isinstance(back, torch.Tensor)
        assert (back.dtype, back.shape, back.requires_grad) == (value.dtype, value.shape, value.requires_grad)
        assert torch.equal(back, value)
    elif isinstance(value, np.ndarray):
        assert np.array_equal(back, value)
        assert back.dtype == value.dtype.newbyteorder("=")
    elif isinstance(value, list | tuple):
        assert type(back) is type(value)
        assert len(back) == len(value)
        for one, other in zip(back, value, strict=True):
            assert_same(one, other)
    elif isinstance(value, dict):
        assert list(back) == list(value)
        for key, item in value.items():
            assert_same(back[key], item)
    elif isinstance(value, np.generic):
        assert back == values.ScalarValue(float(value), "float32") or math.isnan(value)
    else:
        assert type(back) is type(value)
        assert back == value or value != value


def reader(data: bytes) -> Any:
    """read(n) over these bytes as from a socket; never is more asked for than a frame may hold."""
    position = 0

    def read(length: int) -> bytearray:
        nonlocal position
        assert position + length <= FRAME_LIMIT + protocol.HEAD.size
        if position + length > len(data):
            raise EOFError
        position += length
        return bytearray(data[position - length : position])

    return read
