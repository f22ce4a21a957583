"""What is right given a student's own earlier functions: so that one mistake costs points once.

Some losses are others' by definition, or add a penalty to them; a student may call the one from the other. Whatever is
wrong with the earlier one, a number, a shape, a missing gradient, an error for some sizes, then comes out of the later
one, too. A later loss is followed where it does exactly what the earlier one does, and adds its penalty.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.sandbox.proxy import StudentRaised, Submission, WrongAnswer
from autograder.suites.gan_losses import reference

PROBES = torch.tensor([[-2.0, -0.6, 0.7, 3.1], [1.2, -0.4, 2.6, -1.7]])  # where a loss must say something of its own


@dataclass(frozen=True)
class Outcome:
    """What came of a call, with gradients of the sum of what was returned if asked for; or that it raised.

    number: what came back was no tensor but a number, through which nothing flows back.
    """

    tensors: tuple[Tensor, ...]
    raised: bool = False
    number: bool = False

    def equals(self, other: "Outcome") -> bool:
        """The same numbers up to rounding, infinity and NaN in the same places; or both raised."""
        return (
            self.raised == other.raised
            and len(self.tensors) == len(other.tensors)
            and all(_same(one, two) for one, two in zip(self.tensors, other.tensors, strict=True))
        )


def call(submission: Submission, name: str, *args: Tensor, **options: Any) -> Outcome:
    """The value of a student's loss, whatever its shape, also as a number of Python."""
    try:
        answer = submission.call(name, *args, **options)
    except StudentRaised:
        return Outcome((), raised=True)
    if answer.is_python_float:
        return Outcome((torch.tensor(answer.number()),), number=True)
    return Outcome((answer.tensor(dtype=None),))


def differentiate(submission: Submission, name: str, *args: Tensor, **options: Any) -> Outcome:
    """The gradients of a student's loss, summed up if it is no scalar, with respect to each of its tensors."""
    value = call(submission, name, *args, **options)
    if value.raised:
        return value
    if value.number:
        return Outcome(tuple(torch.zeros_like(arg) for arg in args))
    try:
        cotangent = torch.ones_like(value.tensors[0], dtype=torch.float32)
        _, slopes = submission.vjp(name, *args, wrt=range(len(args)), cotangent=cotangent, **options)
    except StudentRaised:
        return Outcome((), raised=True)
    return Outcome(tuple(slopes))


def says_something(submission: Submission, name: str, arguments: int) -> bool:
    """Does a student's loss give finite numbers that depend on what it gets? What is constant makes nothing wrong."""
    try:
        outcomes = [call(submission, name, *probes[:arguments]) for probes in (PROBES, PROBES / 2 + 1)]
    except WrongAnswer:
        return False
    if any(outcome.raised or not outcome.tensors[0].isfinite().all() for outcome in outcomes):
        return False
    return not outcomes[0].equals(outcomes[1])


def is_value_of(
    submission: Submission, later: str, earlier: str, *args: Tensor, penalties: int = 0, weight: float | None = None
) -> bool:
    """Is the value of a later loss that of an earlier one, plus weight times the penalty that stands last?"""
    own = args[: len(args) - penalties]
    try:
        got = call(submission, later, *args, **_options(weight))
        want = call(submission, earlier, *own)
    except WrongAnswer:
        return False
    for penalty in args[len(own) :]:
        factor = reference.WEIGHT if weight is None else weight
        want = Outcome(tuple(value + factor * penalty for value in want.tensors), want.raised)
    return got.equals(want) and says_something(submission, earlier, len(own))


def are_gradients_of(
    submission: Submission, later: str, earlier: str, *args: Tensor, penalties: int = 0, weight: float | None = None
) -> bool:
    """The same for gradients."""
    own = args[: len(args) - penalties]
    try:
        got = differentiate(submission, later, *args, **_options(weight))
        want = differentiate(submission, earlier, *own)
        count = 0 if want.raised else sum(value.numel() for value in call(submission, earlier, *own).tensors)
    except WrongAnswer:
        return False
    for penalty in () if want.raised else args[len(own) :]:
        factor = reference.WEIGHT if weight is None else weight
        want = Outcome((*want.tensors, torch.full_like(penalty, factor * count)))
    return got.equals(want) and says_something(submission, earlier, len(own))


def _options(weight: float | None) -> dict[str, Any]:
    return {} if weight is None else {"weight": weight}


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(
        one.double(), other.double(), rtol=1e-4, atol=1e-6, equal_nan=True
    )
