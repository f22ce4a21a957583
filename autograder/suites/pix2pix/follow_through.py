"""What is right given a student's own earlier losses: so that one mistake costs points once.

Losses here have the signatures of `reference`; each call asks the student's function for value and gradient.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from autograder.compare import expect
from autograder.sandbox.answer import Answer
from autograder.sandbox.proxy import Submission, WrongAnswer
from autograder.suites.pix2pix import reference

PROBES = torch.tensor([-2.0, -0.6, 0.7, 1.9]).reshape(1, 1, 2, 2)  # logits at which a loss must have a gradient


def discriminator_loss(submission: Submission) -> reference.Loss:
    """The student's own discriminator_loss, if it can be followed."""
    return _own(submission, "discriminator_loss", PROBES, PROBES.flip(3))


def generator_loss(submission: Submission) -> reference.Loss:
    """The student's own generator_loss, if it can be followed; with its own default of l1_weight if none is given."""
    return _own(submission, "generator_loss", PROBES, PROBES, PROBES.flip(2))


def l1_loss(submission: Submission) -> reference.Loss:
    """The student's own l1_only_loss, if it can be followed."""
    return _own(submission, "l1_only_loss", PROBES, PROBES.flip(2))


def is_flat(update: Callable[[reference.Loss], Tensor], loss: reference.Loss) -> bool:
    """Does the student's own loss, though it has gradients elsewhere, leave a network where it is?"""
    try:
        return not update(loss).any()
    except WrongAnswer:
        return False


def ask_number(submission: Submission, answer: Answer, name: str) -> float:
    """The loss that a step returned: a number, or a tensor that holds one; (1,) if the student's own loss has that."""
    try:
        return answer.number(tensor_ok=True)
    except WrongAnswer:
        arguments = (PROBES, PROBES) if name == "discriminator_loss" else (PROBES, PROBES, PROBES)
        with suppress(WrongAnswer):  # what their loss gives is said elsewhere
            submission.call(name, *arguments).tensor((1,))
            return float(answer.tensor((1,))[0])
        raise


def _own(submission: Submission, name: str, *probes: Tensor) -> reference.Loss:
    """A student's loss, differentiable on this side; WrongAnswer if it is one that makes everything right.

    Without a gradient anywhere, nothing that is computed from it could be wrong: it cannot be followed.
    """
    followed: list[bool] = []

    class Remote(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, count: int, options: tuple[Any, ...], *args: Tensor) -> Tensor:
            value, slopes = submission.vjp(name, *args, *options, wrt=range(len(args)))
            context.save_for_backward(*slopes)
            return value

        @staticmethod
        def backward(context: Any, *cotangents: Tensor) -> Any:
            return None, None, *(cotangents[0] * slope for slope in context.saved_tensors)

    def loss(*args: Any) -> Tensor:
        tensors = [arg.float() for arg in args if isinstance(arg, Tensor)]
        options = tuple(arg for arg in args if not isinstance(arg, Tensor))
        if not followed:
            _, slopes = submission.vjp(name, *probes, wrt=range(len(probes)))
            moving = all(bool(slope.isfinite().all()) for slope in slopes) and any(
                bool(slope.any()) for slope in slopes
            )
            expect(moving, f"{name} has no gradient, it cannot be followed")
            followed.append(True)
        return Remote.apply(len(tensors), options, *tensors)  # type: ignore[no-any-return]  # torch does not type it

    return loss
