"""What came back from a student's code, by typed accessors: a wrong type is a wrong answer, never our error."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import torch

from autograder.sandbox.worker import values

SHOWN = 300


class WrongAnswer(Exception):
    """The test fails; message and hint are for the student: place, expected, got, in words and shapes."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class StudentRaised(WrongAnswer):
    """The student's code raised an exception."""

    def __init__(self, place: str, types: tuple[str, ...], text: str, line: str) -> None:
        where = f" ({shorten(line)})" if line else ""
        kind = shorten(types[0]) if types else "an exception"
        super().__init__(f"{place} raised {kind}: {shorten(text)}{where}" if text else f"{place} raised {kind}{where}")
        self.types, self.text = types, text


def shorten(text: str, limit: int = SHOWN) -> str:
    """A stranger's text, made fit for a message: one line, printable, bounded."""
    if len(text) <= limit and text.isascii() and text.isidentifier():  # most names; the rest is only dearer
        return text
    line = text[: 4 * limit]
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " for c in line)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


T = TypeVar("T")


class Named(dict[str, T]):
    """Values by the student's own names; asking for one that is not there is a wrong answer, not our error."""

    def __init__(self, place: str, entries: Iterable[tuple[str, T]]) -> None:
        super().__init__(entries)
        self._place = place

    def __or__(self, other: Mapping[str, T]) -> "Named[T]":  # type: ignore[override]  # dict's own would forget the place
        return Named(self._place, [*self.items(), *other.items()])

    def pop(self, key: str) -> T:  # type: ignore[override]
        """The value of that name, which is taken out."""
        value = self[key]
        del self[key]
        return value

    def __missing__(self, key: str) -> T:
        raise WrongAnswer(f'{self._place}: expected "{key}", got {shorten(", ".join(self)) or "nothing"}')


class Items(list["Answer"]):
    """The items of a student's list; asking for one that is not there is a wrong answer, not our error."""

    def __init__(self, place: str, items: Iterable["Answer"]) -> None:
        super().__init__(items)
        self._place = place

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError:
            raise WrongAnswer(f"{self._place}: expected more items, got {len(self)}") from None


class Answer:
    """One value that a student's code returned. `place` says in messages where it came from."""

    def __init__(self, value: values.Value, blobs: Sequence[bytearray], place: str) -> None:
        self._value, self._blobs, self.place = value, blobs, place

    @property
    def described(self) -> str:
        """What it is, in words: "a float32 tensor of shape (8, 1)"."""
        match self._value:
            case None:
                return "None"
            case values.TensorValue():
                return f"a {shorten(self._value.dtype, 20)} tensor of shape {_show(self._value.shape)}"
            case values.ArrayValue():
                return f"a NumPy array of shape {_show(self._value.shape)}"
            case values.ListValue():
                return f"a {self._value.kind} of {len(self._value.items)}"
            case values.DictValue():
                return f"a dict of {len(self._value.items)}"
            case values.ScalarValue():
                return f"a NumPy {shorten(self._value.kind, 20)}"
            case values.OpaqueValue():
                return f"an object of type {shorten(self._value.described, 60)}"
            case str():
                return "a str"
            case bool():
                return "a bool"
            case int() | float():
                return f"a Python {type(self._value).__name__}"
            case values.PathValue():
                return "a path"
        return "an object"

    @property
    def requires_grad(self) -> bool:
        """Whether it is a tensor that is still attached to a graph."""
        return isinstance(self._value, values.TensorValue) and self._value.requires_grad

    @property
    def device(self) -> str:
        """The device of a tensor ("cpu", "meta"); empty for anything else."""
        return shorten(self._value.device, 20) if isinstance(self._value, values.TensorValue) else ""

    @property
    def is_none(self) -> bool:
        return self._value is None

    @property
    def is_python_float(self) -> bool:
        return isinstance(self._value, float)

    @property
    def is_tuple(self) -> bool:
        return isinstance(self._value, values.ListValue) and self._value.kind == "tuple"

    def tensor(
        self, shape: Sequence[int | None] | None = None, dtype: torch.dtype | None = torch.float32
    ) -> torch.Tensor:
        """A tensor of that shape (None: any length there, or any shape) and dtype (None: any), detached, on the CPU.

        Single numbers (shape ()) may come in float64, where float32 is asked for: losses may be computed in either.
        """
        value = self._value
        if not isinstance(value, values.TensorValue):
            raise self._wrong("a tensor" if shape is None else f"a tensor of shape {_show(shape)}")
        if shape is not None and not _fits(value.shape, shape):
            raise self._wrong(f"a tensor of shape {_show(shape)}")
        more_exact = (value.dtype, dtype, shape) == ("float64", torch.float32, ())
        if dtype is not None and value.dtype != values.DTYPE_NAMES[dtype] and not more_exact:
            raise self._wrong(f"a {values.DTYPE_NAMES[dtype]} tensor")
        if value.blob is None:
            raise WrongAnswer(f"{self.place}: expected a tensor with values, got one on the {self.device} device")
        tensor = self._unpack(value)
        return tensor if dtype is None else tensor.to(dtype)

    def shape(self) -> tuple[int, ...]:
        """The shape of a tensor, also of one on the meta device."""
        if not isinstance(self._value, values.TensorValue):
            raise self._wrong("a tensor")
        return tuple(self._unpack(self._value).shape)

    def array(self, shape: Sequence[int | None], dtype: str | None = None) -> "np.ndarray[Any, Any]":
        """A NumPy array of that shape (None: any length there) and dtype."""
        value = self._value
        if not isinstance(value, values.ArrayValue) or not _fits(value.shape, shape):
            raise self._wrong(f"a NumPy array of shape {_show(shape)}")
        try:
            array = values.unpack_array(value, self._blobs)
        except values.ProtocolError as error:
            raise WrongAnswer(f"{self.place}: {error}") from None
        if dtype is not None and array.dtype != np.dtype(dtype):
            raise WrongAnswer(f"{self.place}: expected an array of {dtype}, got one of {array.dtype}")
        return array

    def floats(self, shape: Sequence[int | None]) -> torch.Tensor:
        """A tensor or a NumPy array of floating-point numbers, whichever the student chose, as a float64 tensor."""
        if isinstance(self._value, values.ArrayValue):
            array = self.array(shape)
            if array.dtype.kind == "f":
                return torch.from_numpy(array.astype(np.float64))
        else:
            tensor = self.tensor(shape, None)
            if tensor.is_floating_point():
                return tensor.double()
        raise self._wrong("floating-point numbers")

    def number(self, *, tensor_ok: bool = False) -> float:
        """A number, finite or not; with `tensor_ok` also a tensor of shape ()."""
        if isinstance(self._value, int | float) and not isinstance(self._value, bool):
            return float(self._value)
        if isinstance(self._value, values.ScalarValue):
            return self._value.number
        if tensor_ok and isinstance(self._value, values.TensorValue):
            return float(self.tensor((), None).real)
        raise self._wrong("a number")

    def integer(self) -> int:
        """A whole number: int, or a float or NumPy scalar without a fraction."""
        if isinstance(self._value, int) and not isinstance(self._value, bool):
            return self._value
        if isinstance(self._value, float | values.ScalarValue):
            number = self.number()
            if math.isfinite(number) and number.is_integer():
                return int(number)
        raise self._wrong("a whole number")

    def text(self) -> str:
        """A string."""
        if not isinstance(self._value, str):
            raise self._wrong("a str")
        return self._value

    def boolean(self) -> bool:
        """True or False."""
        if not isinstance(self._value, bool):
            raise self._wrong("a bool")
        return self._value

    def plain(self) -> bool | int | float | str | None:
        """A simple value as it is; None for anything else."""
        value = self._value
        return value if isinstance(value, bool | int | float | str) else None

    def path(self) -> str:
        """A path (pathlib's, or a string)."""
        if isinstance(self._value, values.PathValue):
            return self._value.path
        return self.text()

    def sequence(self, length: int | None = None) -> list["Answer"]:
        """The items of a list or tuple of that length."""
        if not isinstance(self._value, values.ListValue):
            raise self._wrong("a list or tuple" if length is None else f"a list or tuple of {length}")
        if length is not None and len(self._value.items) != length:
            raise self._wrong(f"a list or tuple of {length}")
        items = enumerate(self._value.items)
        return Items(self.place, (Answer(item, self._blobs, f"{self.place}[{index}]") for index, item in items))

    def mapping(self, keys: Sequence[str] | None = None) -> Named["Answer"]:
        """The entries of a dictionary with text keys; all of `keys` must be there."""
        if not isinstance(self._value, values.DictValue):
            raise self._wrong("a dict" if keys is None else f"a dict with the keys {', '.join(keys)}")
        pairs = [(key, item) for key, item in self._value.items if isinstance(key, str)]
        found = Named(
            self.place, [(key, Answer(item, self._blobs, f'{self.place}["{shorten(key, 60)}"]')) for key, item in pairs]
        )
        for key in keys or ():
            found[key]
        return found

    def _unpack(self, value: values.TensorValue) -> torch.Tensor:
        try:
            return values.unpack_tensor(value, self._blobs).detach()
        except values.ProtocolError as error:
            raise WrongAnswer(f"{self.place}: {error}") from None

    def _wrong(self, expected: str) -> WrongAnswer:
        return WrongAnswer(f"{self.place}: expected {expected}, got {self.described}")


def _fits(shape: tuple[int, ...], wanted: Sequence[int | None]) -> bool:
    return len(shape) == len(wanted) and all(w is None or g == w for g, w in zip(shape, wanted, strict=True))


def _show(shape: Sequence[int | None]) -> str:
    sizes = ["?" if size is None else str(size) for size in shape[: values.DEPTH_LIMIT]]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
