"""What the grader kept to itself in each failed test, so that feedback can be searched for it.

`watch` records, in the process that grades: what compare.py wanted and what was sent to the student's code (hidden);
what came back from it, and how many numbers there were (the student's own, which a message may say).
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from autograder import compare, plugin
from autograder.sandbox.answer import Answer
from autograder.sandbox.worker import values

DIGITS = 3  # a token with fewer significant digits says nothing that its neighbours do not
SMALL = 256  # elements; of a larger tensor its extremes and moments are kept
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?%?(?!\w)")
Set = Callable[[Any, str, Any], None]


@dataclass(frozen=True)
class Exchange:
    """A failed test: its title, the numbers that the grader kept, and those of the student's own code."""

    test: str
    hidden: frozenset[float]
    own: frozenset[float]


class Watch:
    """Exchanges since they were last taken, one for each failed test."""

    def __init__(self) -> None:
        self._hidden, self._own, self._failed = set[float](), set[float](), list[Exchange]()
        self._inside = 0

    def take(self) -> tuple[Exchange, ...]:
        failed, self._failed = tuple(self._failed), []
        return failed

    def compared(self, judge: Callable[..., Any]) -> Callable[..., Any]:
        """A function of compare.py that also notes what it is given; not what it asks of its neighbours."""

        def noting(got: Any, want: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._inside:
                self._own |= numbers(got) | sizes(want)
                self._hidden |= set() if kwargs.get("shown") else numbers(want)
            self._inside += 1
            try:
                return judge(got, want, *args, **kwargs)
            finally:
                self._inside -= 1

        return noting

    def sent(self, pack: Callable[..., Any]) -> Callable[..., Any]:
        def noting(value: Any, *args: Any, **kwargs: Any) -> Any:
            self._hidden |= numbers(value)
            return pack(value, *args, **kwargs)

        return noting

    def received(self, access: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*args: Any, **kwargs: Any) -> Any:
            value = access(*args, **kwargs)
            self._own |= numbers(value) | sizes(value)
            return value

        return noting

    def tested(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*args: Any, **kwargs: Any) -> Any:
            self._hidden, self._own = set(), set()
            result = run(*args, **kwargs)
            if result.status != "passed":
                self._failed.append(Exchange(result.name, frozenset(self._hidden), frozenset(self._own)))
            return result

        return noting


def watch(replace: Set) -> Watch:
    """Begin to record; before a suite is imported, since it binds the comparisons by name."""
    log = Watch()
    for name in ("expect_close", "expect_equal", "is_close"):
        replace(compare, name, log.compared(getattr(compare, name)))
    for name in ("tensor", "array", "floats", "number", "integer", "plain"):
        replace(Answer, name, log.received(getattr(Answer, name)))
    replace(values, "pack", log.sent(values.pack))
    replace(plugin.SuitePlugin, "run", log.tested(plugin.SuitePlugin.run))
    return log


def numbers(value: Any) -> set[float]:
    """The numbers of a value that take three digits to say: all of a small tensor, the extremes of a large one."""
    if isinstance(value, list | tuple):
        return set[float]().union(*(numbers(item) for item in value[:SMALL]))
    if isinstance(value, int | float | np.generic) and not isinstance(value, bool | np.complexfloating | np.str_):
        found = [float(value)]
    elif isinstance(value, torch.Tensor | np.ndarray) and getattr(value, "device", "cpu") != torch.device("meta"):
        found = _elements((torch.tensor if isinstance(value, np.ndarray) else torch.as_tensor)(value).detach())
    else:
        return set()
    return {abs(number) for number in found if math.isfinite(number) and _significant(f"{abs(number):.6g}") >= DIGITS}


def sizes(value: Any) -> set[float]:
    """How many numbers a tensor holds, and its lengths."""
    shape = tuple(getattr(value, "shape", ()))
    return {float(math.prod(shape)), *map(float, shape)}


def find_leaks(text: str, exchanges: Iterable[Exchange], public: frozenset[float]) -> list[str]:
    """Numbers in a text that are, to their last digit, hidden ones, and neither public nor the student's own."""
    own = frozenset[float]().union(*(exchange.own for exchange in exchanges)) | public
    hidden = frozenset[float]().union(*(exchange.hidden for exchange in exchanges))
    return [
        f"{token} is {value!r}"
        for token in dict.fromkeys(_NUMBER.findall(text))
        if _significant(token) >= DIGITS and not any(_says(token, number) for number in own)
        for value in sorted(hidden)
        if _says(token, value)
    ]


def public_numbers(texts: Iterable[str]) -> frozenset[float]:
    """The numbers that stand in texts which students may read."""
    tokens = (token for text in texts for token in _NUMBER.findall(text))
    return frozenset(_read(token) / (100 if "%" in token else 1) for token in tokens if _significant(token) >= DIGITS)


def _elements(tensor: torch.Tensor) -> list[float]:
    flat = (torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor).flatten().double()
    if flat.numel() > SMALL:
        flat = torch.stack([flat.min(), flat.max(), flat.abs().max(), flat.mean(), flat.std(), flat.sum(), flat.norm()])
    return flat.tolist()


def _says(token: str, number: float) -> bool:
    """Whether a token is a number rounded to the token's digits; with a sign of percent, a hundred times the number."""
    number = 100 * number if token.endswith("%") else number
    return float(f"{number:.{_significant(token) - 1}e}") == _read(token)


def _significant(token: str) -> int:
    digits = re.sub(r"e.*|\D", "", token).lstrip("0")
    return len(digits.rstrip("0"))


def _read(token: str) -> float:
    return abs(float(re.sub("[,%]", "", token)))
