"""Comparisons on the grader's side, with messages that students can read.

A message says what was looked at, what was expected in words or shapes, what came and its range, and about how far off
that is, to one digit: more would give the wanted value away, which is what came, less the difference. Never the value
wanted or the hidden input.
A wrong answer that equals a known mistake gets the hint that names the mistake.

Tolerances: a worker with the same number of threads agrees with the grader to the bit, so what is left is another order
of operations in float32. Values may differ by 1e-5 of the largest wanted value, those behind many layers by 1e-4,
gradients (longer sums) by 1e-3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import torch

from autograder.sandbox.proxy import StudentRaised, WrongAnswer

RELATIVE, ABSOLUTE = 1e-5, 1e-6
DEEP_RELATIVE = 1e-4
GRADIENT_RELATIVE, GRADIENT_ABSOLUTE = 1e-3, 1e-7

Own = Callable[[], torch.Tensor | float]
Lazy = torch.Tensor | float | Own
Close = Callable[[torch.Tensor | float, torch.Tensor | float], bool]


def expect(condition: bool, message: str, hint: str = "") -> None:
    """WrongAnswer with this message and hint where the condition does not hold."""
    if not condition:
        raise WrongAnswer(message, hint)


def expect_close(
    got: torch.Tensor | float,
    want: torch.Tensor | float,
    what: str,
    *,
    mistakes: Mapping[str, Lazy] | None = None,
    forward: bool = True,
    deep: bool = False,
    hint: str = "",
    own: Own | Sequence[Own] = (),
) -> None:
    """WrongAnswer unless `got` is `want` up to float32 rounding. NaN and infinity never are.

    mistakes: hint -> the value that this mistake gives (or a function for it, called only for a wrong answer).
    forward: False for gradients and for what was computed from them, with the widest tolerance.
    deep: True for the output of many layers, each of which adds rounding of its own.
    own: follow-through, called only for a wrong answer: one or more values that are right given the student's own
        earlier functions. Where those fail there is no such value.
    """
    got, want = _tensor(got), _tensor(want)
    close = partial(is_close, forward=forward, deep=deep)
    if close(got, want):
        return
    if any(_follows(got, value, close) for value in ([own] if callable(own) else own)):
        return
    known = next((name for name, value in (mistakes or {}).items() if _is_mistake(got, want, value, close)), "")
    raise WrongAnswer(_difference(got, want, what), known or hint)


def expect_equal(
    got: object,
    want: object,
    what: str,
    *,
    mistakes: Mapping[str, object] | None = None,
    shown: bool = False,
    hint: str = "",
) -> None:
    """WrongAnswer unless `got` equals `want` in value and kind: True is not 1.

    `shown`: the message may say what was wanted.
    """
    if _same(got, want):
        return
    known = next((name for name, value in (mistakes or {}).items() if _same(got, value)), "")
    wanted = repr(want) if shown else "another value"
    raise WrongAnswer(f"{what}: expected {wanted}, got {_short(got)}", known or hint)


def is_close(
    got: torch.Tensor | float, want: torch.Tensor | float, *, forward: bool = True, deep: bool = False
) -> bool:
    """Same shape, finite, and equal up to the tolerances above."""
    got, want = _tensor(got), _tensor(want)
    if got.shape != want.shape or not torch.isfinite(got).all():
        return False
    if got.numel() == 0:
        return True
    got, want = _wide(got), _wide(want)
    relative, absolute = (DEEP_RELATIVE if deep else RELATIVE), ABSOLUTE
    if not forward:
        relative, absolute = GRADIENT_RELATIVE, GRADIENT_ABSOLUTE
    return bool(((got - want).abs() <= relative * want.abs().max() + absolute).all())  # False for a NaN


@contextmanager
def hinting(hint: str, *, errors: bool = False) -> Iterator[None]:
    """Give this hint to a wrong answer inside that has none; with `errors` also where the student's code raises."""
    try:
        yield
    except WrongAnswer as wrong:
        if not wrong.hint and (errors or not isinstance(wrong, StudentRaised)):
            wrong.hint = hint
        raise


def _follows(got: torch.Tensor, own: Own, close: Close) -> bool:
    try:
        return close(got, own())
    except WrongAnswer:  # StudentRaised is one, too
        return False


def _is_mistake(got: torch.Tensor, want: torch.Tensor, value: Lazy, close: Close) -> bool:
    """Is this known mistake what `got` shows? A mistake that gives the wanted value for this input says nothing."""
    mistaken = _tensor(value() if callable(value) else value)
    return close(got, mistaken) and not close(mistaken, want)


def _difference(got: torch.Tensor, want: torch.Tensor, what: str) -> str:
    if got.shape != want.shape:
        return f"{what}: expected shape {tuple(want.shape)}, got {tuple(got.shape)}"
    if got.is_complex():
        return f"{what}: expected {'other' if want.is_complex() else 'real'} numbers, got complex ones"
    if not torch.isfinite(got).all():
        if got.numel() == 1:
            return f"{what}: expected a finite number, got NaN or infinity"
        count = int((~torch.isfinite(got)).sum())
        return f"{what}: expected finite numbers, got NaN or infinity in {count} of {got.numel()} entries"
    got, want = _wide(got), _wide(want)
    off = (got - want).abs()
    largest = float(off.max())
    size = float(want.abs().max())
    # Beside what should be nothing, but for rounding, a share would say nothing.
    about = f"about {_digit(largest / size)} of its size" if largest < 1e4 * size else f"about {_digit(largest)}"
    if got.numel() == 1:
        return f"{what}: expected another number, got {float(got):.4g}, off by {about}"
    wrong = float((off > RELATIVE * size + ABSOLUTE).double().mean())
    return (
        f"{what}: expected other numbers in {wrong:.0%} of the {got.numel()} entries, the worst is off by {about}; "
        f"got numbers from {float(got.min()):.3g} to {float(got.max()):.3g}"
    )


def _digit(number: float) -> str:
    """One significant digit: the size of a difference, not the difference."""
    return f"{float(f'{number:.0e}'):g}"


def _wide(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def _tensor(value: torch.Tensor | float) -> torch.Tensor:
    return torch.as_tensor(value, dtype=None if isinstance(value, torch.Tensor) else torch.float64).detach()


def _same(got: object, want: object) -> bool:
    """Equality of plain values; what comes from a worker is compared by kind first, so that True never passes as 1."""
    if isinstance(got, tuple | list) and isinstance(want, tuple | list):
        return len(got) == len(want) and all(_same(one, other) for one, other in zip(got, want, strict=True))
    return type(got) is type(want) and got == want


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
