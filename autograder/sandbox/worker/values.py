"""The values that tests and students exchange: numbers, text, tensors as dtype, shape and raw bytes.

Nothing is ever unpickled. What does not cross (an object of the student's) is described by its type only. Shapes are
checked against the bytes before a tensor is made of them.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Literal

import msgspec
import numpy as np
import torch

BLOBS_LIMIT = 4096
DEPTH_LIMIT = 16
TEXT_LIMIT = 100_000

# The dtypes that cross; a name outside this table is no dtype.
DTYPES: dict[str, torch.dtype] = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128),
        *(torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool),
    )
}
DTYPE_NAMES = {dtype: name for name, dtype in DTYPES.items()}
ARRAY_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c8|c16)")
SIZE_LIMIT = 1 << 40  # elements; also of an empty or a meta tensor, counting a length of 0 as 1


class ProtocolError(Exception):
    """The other side said something that is no message. On the grader's side that is a worker to be killed."""


class TensorValue(msgspec.Struct, tag="tensor", frozen=True):
    """A tensor; `blob` is None on the meta device, where there is nothing but a shape."""

    dtype: str
    shape: tuple[int, ...]
    blob: int | None
    requires_grad: bool = False
    device: str = "cpu"


class ArrayValue(msgspec.Struct, tag="array", frozen=True):
    """A NumPy array of numbers; `dtype` as in `np.dtype.str`."""

    dtype: str
    shape: tuple[int, ...]
    blob: int


class ListValue(msgspec.Struct, tag="list", frozen=True):
    """A list or a tuple."""

    items: tuple["Value", ...]
    kind: Literal["list", "tuple"] = "list"


class DictValue(msgspec.Struct, tag="dict", frozen=True):
    """A dictionary as pairs, in order."""

    items: tuple[tuple["Value", "Value"], ...]


class ScalarValue(msgspec.Struct, tag="scalar", frozen=True):
    """A NumPy scalar: a number, but not one of Python's own."""

    number: float
    kind: str


class PathValue(msgspec.Struct, tag="path", frozen=True):
    """A file path."""

    path: str


class DeviceValue(msgspec.Struct, tag="device", frozen=True):
    """A torch.device."""

    name: str


class EntryValue(msgspec.Struct, tag="entry", frozen=True):
    """To the worker only: the student's own function or class of that name."""

    name: str


class RefValue(msgspec.Struct, tag="ref", frozen=True):
    """To the worker only: an object kept there, under the handle that the grader chose."""

    handle: int


class OpaqueValue(msgspec.Struct, tag="opaque", frozen=True):
    """From the worker only: something that does not cross, described by its type."""

    described: str


Value = (
    None
    | bool
    | int
    | float
    | str
    | TensorValue
    | ArrayValue
    | ListValue
    | DictValue
    | ScalarValue
    | PathValue
    | DeviceValue
    | EntryValue
    | RefValue
    | OpaqueValue
)


def pack(value: Any, blobs: list[bytes], special: Callable[[Any], Value] | None = None, depth: int = 0) -> Value:
    """Turn a Python value into its wire form; tensors go into `blobs`; what does not cross becomes opaque.

    `special` may pack a value of its own kind and returns an OpaqueValue to decline.
    """
    if depth > DEPTH_LIMIT:
        return OpaqueValue(f"a {type(value).__name__} nested deeper than {DEPTH_LIMIT}")
    if special is not None and not isinstance(packed := special(value), OpaqueValue):
        return packed
    if isinstance(value, torch.Tensor):
        return _pack_tensor(value, blobs)
    if isinstance(value, np.ndarray):
        return _pack_array(value, blobs)
    if isinstance(value, np.generic):
        return (
            ScalarValue(float(value), type(value).__name__) if value.dtype.kind in "buif" else OpaqueValue(_name(value))
        )
    if value is None or type(value) in (bool, float):
        return value  # type: ignore[no-any-return]
    if type(value) is int:
        return value if -(1 << 63) <= value < 1 << 63 else OpaqueValue("int of more than 64 bits")
    if isinstance(value, str):
        return str(value)[:TEXT_LIMIT].encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        items = tuple(pack(item, blobs, special, depth + 1) for item in value)
        return ListValue(items, "tuple" if isinstance(value, tuple) else "list")
    if isinstance(value, Mapping):
        return DictValue(
            tuple((pack(k, blobs, special, depth + 1), pack(v, blobs, special, depth + 1)) for k, v in value.items())
        )
    if isinstance(value, PurePath):
        return PathValue(str(value))
    if isinstance(value, torch.device):
        return DeviceValue(str(value))
    return OpaqueValue(_name(value))


def unpack_tensor(value: TensorValue, blobs: Sequence[bytearray]) -> torch.Tensor:
    """The tensor that a TensorValue and its blob describe; ProtocolError if the two disagree."""
    dtype = DTYPES.get(value.dtype)
    if dtype is None or not _is_shape(value.shape):
        raise ProtocolError(f"no tensor has dtype {value.dtype[:40]!r} and shape {value.shape[:DEPTH_LIMIT]}")
    if value.blob is None:
        return torch.empty(value.shape, dtype=dtype, device="meta").requires_grad_(_differentiable(value, dtype))
    blob = _blob(value.blob, blobs)
    if math.prod(value.shape) * dtype.itemsize != len(blob):
        raise ProtocolError(f"a {value.dtype} tensor of shape {value.shape} does not take {len(blob)} bytes")
    if not blob:
        tensor = torch.empty(value.shape, dtype=dtype)
    elif dtype is torch.bool:  # a byte other than 0 and 1 is no bool; in place, since a blob may be named many times
        tensor = torch.frombuffer(blob, dtype=torch.uint8).clamp_(max=1).view(torch.bool).reshape(value.shape)
    else:
        tensor = torch.frombuffer(blob, dtype=dtype).reshape(value.shape).detach()  # no view: detach_() must work
    return tensor.requires_grad_(_differentiable(value, dtype))


def unpack_array(value: ArrayValue, blobs: Sequence[bytearray]) -> "np.ndarray[Any, Any]":
    """The array that an ArrayValue and its blob describe; ProtocolError if the two disagree."""
    if not ARRAY_DTYPE.fullmatch(value.dtype) or not _is_shape(value.shape):
        raise ProtocolError(f"no array has dtype {value.dtype[:40]!r} and shape {value.shape[:DEPTH_LIMIT]}")
    dtype = np.dtype(value.dtype)
    blob = _blob(value.blob, blobs)
    if math.prod(value.shape) * dtype.itemsize != len(blob):
        raise ProtocolError(f"an array of shape {value.shape} does not take {len(blob)} bytes")
    if dtype.kind == "b":
        flags = np.frombuffer(blob, dtype=np.uint8)
        return np.minimum(flags, 1, out=flags).view(np.bool_).reshape(value.shape)
    native = dtype.newbyteorder("=")
    return np.frombuffer(blob, dtype=dtype).astype(native, copy=dtype != native).reshape(value.shape)


def unpack(value: Value, blobs: Sequence[bytearray], special: Callable[[Value], Any]) -> Any:
    """The Python value behind its wire form; handles, entry points and opaque values are left to `special`."""
    if isinstance(value, TensorValue):
        return unpack_tensor(value, blobs)
    if isinstance(value, ArrayValue):
        return unpack_array(value, blobs)
    if isinstance(value, ListValue):
        items = [unpack(item, blobs, special) for item in value.items]
        return tuple(items) if value.kind == "tuple" else items
    if isinstance(value, DictValue):
        return {unpack(k, blobs, special): unpack(v, blobs, special) for k, v in value.items}
    if isinstance(value, ScalarValue | PathValue | DeviceValue | EntryValue | RefValue | OpaqueValue):
        return special(value)
    return value


def _pack_tensor(tensor: torch.Tensor, blobs: list[bytes]) -> Value:
    plain = tensor.detach()
    name = DTYPE_NAMES.get(plain.dtype)
    if name is None or plain.layout is not torch.strided:
        return OpaqueValue(f"{plain.layout} tensor of {plain.dtype}")
    shape, device = tuple(plain.shape), plain.device.type
    if device == "meta":
        return TensorValue(name, shape, None, bool(tensor.requires_grad), device)
    if len(blobs) >= BLOBS_LIMIT:
        return OpaqueValue(f"one tensor more than {BLOBS_LIMIT}")
    data = plain.cpu().resolve_conj().resolve_neg().contiguous()
    flat = data.as_strided((data.numel(),), (1,))  # contiguous() leaves a single expanded element its stride of 0
    blobs.append(flat.view(torch.uint8).numpy().tobytes() if data.numel() else b"")
    return TensorValue(name, shape, len(blobs) - 1, bool(tensor.requires_grad), device)


def _pack_array(array: "np.ndarray[Any, Any]", blobs: list[bytes]) -> Value:
    if not ARRAY_DTYPE.fullmatch(array.dtype.str) or len(blobs) >= BLOBS_LIMIT:
        return OpaqueValue(f"array of {array.dtype}"[:100])
    blobs.append(np.ascontiguousarray(array).tobytes())
    return ArrayValue(array.dtype.str, tuple(array.shape), len(blobs) - 1)


def _is_shape(shape: tuple[int, ...]) -> bool:
    """Whether torch and NumPy can make something of that shape, be it empty or without memory."""
    return len(shape) <= DEPTH_LIMIT and min(shape, default=0) >= 0 and math.prod(max(s, 1) for s in shape) < SIZE_LIMIT


def _blob(index: int, blobs: Sequence[bytearray]) -> bytearray:
    if not 0 <= index < len(blobs):
        raise ProtocolError(f"blob {index} of {len(blobs)}")
    return blobs[index]


def _differentiable(value: TensorValue, dtype: torch.dtype) -> bool:
    return value.requires_grad and (dtype.is_floating_point or dtype.is_complex)


def _name(value: object) -> str:
    return type(value).__qualname__[:100]
