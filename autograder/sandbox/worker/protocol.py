"""What crosses the wall: frames of MessagePack and raw blobs.

A frame is `u32 length of meta | u32 n | n × u64 blob lengths | meta | blobs`. Meta is one message, decoded by msgspec
into exactly the types below. Sizes are bounded before anything is read; nothing that a worker says is more than data.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from .values import BLOBS_LIMIT, ProtocolError, TensorValue, Value

META_LIMIT = 1 << 20
JOINED_LIMIT = 1 << 16  # what is no larger goes out in one piece: a call costs more than a copy
BLOB_LIMIT = 64 << 20

HEAD = struct.Struct("<II")
LENGTH = struct.Struct("<Q")


class RunCell(msgspec.Struct, tag="run_cell", frozen=True):
    """Run a notebook cell; with `definitions`, only its imports, functions and classes. Seconds of CPU time."""

    source: str
    definitions: bool
    seconds: float


class Begin(msgspec.Struct, tag="begin", frozen=True):
    """Before the cells: the names that the exercises ask for."""

    entry_points: tuple[str, ...]


class Ready(msgspec.Struct, tag="ready", frozen=True):
    """After the cells: from now on each of those names means what it was last bound to as something callable."""


class Reset(msgspec.Struct, tag="reset", frozen=True):
    """Before each test: forget all handles, seed every generator, restore torch's global modes."""

    seed: int


class Backward(msgspec.Struct, frozen=True):
    """What to differentiate a call for: positions of arguments, a module's parameters, and the cotangent (None: 1)."""

    arguments: tuple[int, ...]
    module: int | None
    cotangent: Value


class Call(msgspec.Struct, tag="call", frozen=True):
    """Call an entry point (str) or a kept object (int), or a method of it; keep the result under `keep` if given."""

    target: str | int
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    method: str | None = None
    keep: int | None = None
    device: str | None = None
    backward: Backward | None = None


class Make(msgspec.Struct, tag="make", frozen=True):
    """Make a public object: a probe, a layer of torch.nn, a torch.Generator ("rng"), an optimizer; keep it."""

    kind: Literal["probe", "layer", "rng", "optimizer"]
    name: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    keep: int


class State(msgspec.Struct, tag="state", frozen=True):
    """One part of a module's state, by the module's own names."""

    handle: int
    part: Literal["parameters", "buffers", "gradients", "requires_grad", "modes", "shapes"]


class Load(msgspec.Struct, tag="load", frozen=True):
    """Copy tensors into a module's parameters and buffers, by the module's own names."""

    handle: int
    tensors: dict[str, TensorValue]


class Configure(msgspec.Struct, tag="configure", frozen=True):
    """Set what is not None: training mode, requires_grad of all parameters, a constant for all gradients (NaN: no)."""

    handle: int
    training: bool | None = None
    requires_grad: bool | None = None
    gradients: float | None = None


class Trace(msgspec.Struct, tag="trace", frozen=True):
    """Run a module forward and tell its leaf modules by order of execution."""

    handle: int
    args: tuple[Value, ...]


class Calls(msgspec.Struct, tag="calls", frozen=True):
    """The calls that a probe recorded."""

    handle: int


class Iterate(msgspec.Struct, tag="iterate", frozen=True):
    """The first `limit` items of anything that can be iterated over."""

    handle: int
    limit: int


Request = RunCell | Begin | Ready | Reset | Call | Make | State | Load | Configure | Trace | Calls | Iterate


class Done(msgspec.Struct, tag="done", frozen=True):
    """It worked; what came of it."""

    value: Value = None


class Raised(msgspec.Struct, tag="raised", frozen=True):
    """The student's code raised: names of the exception's class and its bases, its text, the line it came from."""

    types: tuple[str, ...]
    message: str
    place: str = ""


class Reply(msgspec.Struct, frozen=True):
    """The answer to the request of that number."""

    number: int
    result: Done | Raised


class Message(msgspec.Struct, frozen=True):
    """A request and its number."""

    number: int
    request: Request


MESSAGE = msgspec.msgpack.Decoder(Message)
REPLY = msgspec.msgpack.Decoder(Reply)
ENCODER = msgspec.msgpack.Encoder()


def encode_frame(message: Message | Reply, blobs: Sequence[bytes]) -> list[bytes]:
    """The pieces of a frame, to be sent one after the other."""
    meta = ENCODER.encode(message)
    lengths = b"".join(LENGTH.pack(len(blob)) for blob in blobs)
    pieces = [HEAD.pack(len(meta), len(blobs)) + lengths + meta, *blobs]
    small = sum(map(len, pieces)) <= JOINED_LIMIT
    return [b"".join(pieces)] if small else pieces


def is_over_limit(frame: Sequence[bytes]) -> bool:
    """Whether the other side would refuse these pieces of a frame."""
    return len(frame[0]) > META_LIMIT or sum(map(len, frame[1:])) > BLOB_LIMIT


def read_frame(read: Callable[[int], bytearray]) -> tuple[bytearray, list[bytearray]]:
    """Read meta and blobs by `read`, which gives exactly as many bytes as asked for; sizes are checked first."""
    meta_length, count = HEAD.unpack(read(HEAD.size))
    if meta_length > META_LIMIT or count > BLOBS_LIMIT:
        raise ProtocolError(f"a frame of {meta_length} bytes of text and {count} blobs is over the limit")
    lengths = [length for (length,) in LENGTH.iter_unpack(read(LENGTH.size * count))]
    if sum(lengths) > BLOB_LIMIT:
        raise ProtocolError(f"{sum(lengths)} bytes of tensors are over the limit of {BLOB_LIMIT}")
    return read(meta_length), [read(length) for length in lengths]


def decode(decoder: "msgspec.msgpack.Decoder[Any]", meta: bytearray) -> Any:
    """Decode a message of exactly the decoder's type; anything else is a ProtocolError."""
    try:
        return decoder.decode(meta)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise ProtocolError(f"not a message: {str(error)[:200]}") from None
