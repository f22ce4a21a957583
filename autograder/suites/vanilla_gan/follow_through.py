"""What is right given a student's own earlier functions: so that one mistake costs points once.

Losses here have the signatures of `reference`; each call asks the student's function for value and gradient.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.compare import is_close
from autograder.sandbox.answer import Answer
from autograder.sandbox.proxy import Submission, WrongAnswer
from autograder.suites.vanilla_gan import reference

LARGEST = 1e4  # the logits up to which losses must be stable
MODERATE = 5.0  # logits at which the formula written down naively is still exact in float32
BRICK = "bce_with_logits"
PROBES = torch.tensor([-2.0, -0.6, 0.7, 1.9])  # logits at which a loss must have a gradient if it is to be followed


def cross_entropy(submission: Submission) -> reference.Loss:
    """The student's own bce_with_logits."""
    targets = torch.tensor([0.0, 1.0, 0.0, 1.0])
    return _own(submission, BRICK, PROBES, targets)


def discriminator_losses(submission: Submission) -> list[reference.Loss]:
    """The student's own discriminator_loss, and the right one over the student's own bce_with_logits."""
    return [_own(submission, "discriminator_loss", PROBES, PROBES.flip(0)), average_over(cross_entropy(submission))]


def generator_losses(submission: Submission) -> list[reference.Loss]:
    """The student's own generator_loss, and the right one over the student's own bce_with_logits."""
    brick = cross_entropy(submission)
    return [_own(submission, "generator_loss", PROBES), lambda fake: brick(fake, torch.ones_like(fake))]


def minimax_losses(submission: Submission) -> list[reference.Loss]:
    """The student's own minimax_generator_loss, and the right one over the student's own bce_with_logits."""
    brick = cross_entropy(submission)
    return [_own(submission, "minimax_generator_loss", PROBES), lambda fake: -brick(fake, torch.zeros_like(fake))]


def average_over(brick: reference.Loss) -> reference.Loss:
    """The discriminator's loss made of this cross-entropy."""
    return lambda real, fake: (brick(real, torch.ones_like(real)) + brick(fake, torch.zeros_like(fake))) / 2


def gradient(loss: reference.Loss, *logits: Tensor) -> Tensor:
    """Gradients of a loss with respect to all of its logits, one after the other."""
    leaves = [part.detach().clone().requires_grad_() for part in logits]
    return torch.cat(torch.autograd.grad(loss(*leaves), leaves))


def is_flat(update: Callable[[reference.Loss], Tensor], losses: list[reference.Loss]) -> bool:
    """Does one of the student's own losses, though it has gradients elsewhere, leave a player where it is?"""
    for loss in losses:
        try:
            if not update(loss).any():
                return True
        except WrongAnswer:
            continue
    return False


def ask_loss(submission: Submission, name: str, *args: Any) -> Tensor:
    """The value of a student's loss, of shape (); or (1,) if the student's bce_with_logits has lost points for that."""
    answer = submission.call(name, *args)
    return _as_scalar(submission, answer)


def ask_gradients(submission: Submission, name: str, *logits: Tensor) -> list[Tensor]:
    """The gradients of a student's loss with respect to all of its arguments."""
    return _differentiate(submission, name, *logits)[1]


def ask_number(submission: Submission, answer: Answer) -> float:
    """The loss that a step returned: a number, or a tensor that holds one."""
    try:
        return answer.number(tensor_ok=True)
    except WrongAnswer:
        return float(_as_scalar(submission, answer))


def up_to_own_limit(submission: Submission, check: Callable[[float], None]) -> None:
    """Run a check of large logits; at moderate ones if an unstable bce_with_logits has cost its points already."""
    try:
        check(LARGEST)
    except WrongAnswer:
        if not (_cross_entropy_is_right(submission, MODERATE) and not _cross_entropy_is_right(submission, LARGEST)):
            raise
        check(MODERATE)


def _own(submission: Submission, name: str, *probes: Tensor) -> reference.Loss:
    """A student's loss, differentiable on this side; WrongAnswer if it is one that makes everything right.

    Without a gradient anywhere, nothing that is computed from it could be wrong: it cannot be followed.
    """
    followed: list[bool] = []

    class Remote(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, *args: Tensor) -> Tensor:
            value, _ = _differentiate(submission, name, *args)
            context.save_for_backward(*args)
            return value

        @staticmethod
        def backward(context: Any, *cotangents: Tensor) -> Any:
            return tuple(_differentiate(submission, name, *context.saved_tensors, upstream=cotangents[0])[1])

    def loss(*args: Tensor) -> Tensor:
        if not followed:
            slopes = torch.cat(_differentiate(submission, name, *probes)[1])
            if not slopes.isfinite().all() or not slopes.any():
                raise WrongAnswer(f"{name} has no gradient, it cannot be followed")
            followed.append(True)
        return Remote.apply(*(arg.float() for arg in args))  # type: ignore[no-any-return]  # torch does not type it

    return loss


def _differentiate(
    submission: Submission, name: str, *args: Tensor, upstream: Tensor | None = None
) -> tuple[Tensor, list[Tensor]]:
    """Value and gradients of a student's loss, its value of shape () or followed from bce_with_logits, (1,).

    upstream: the gradient that arrives at the loss, 1 if not given; a backward of the student's own may ignore it.
    """
    everything = range(len(args))
    try:
        return submission.vjp(name, *args, wrt=everything, cotangent=upstream)
    except WrongAnswer:
        if not _keeps_dimension(submission):
            raise
        cotangent = torch.ones(1) if upstream is None else upstream.reshape(1)
        value, gradients = submission.vjp(name, *args, wrt=everything, cotangent=cotangent)
        return value[0], gradients


def _as_scalar(submission: Submission, answer: Answer) -> Tensor:
    try:
        return answer.tensor(())
    except WrongAnswer:
        if not _keeps_dimension(submission):
            raise
        return answer.tensor((1,))[0]


def _keeps_dimension(submission: Submission) -> bool:
    """Does the student's own bce_with_logits give one number in a tensor of shape (1,)?"""
    try:
        submission.call(BRICK, PROBES, torch.ones(4)).tensor((1,))
    except WrongAnswer:
        return False
    return True


def _cross_entropy_is_right(submission: Submission, size: float) -> bool:
    try:
        for logit in (size, -size):
            for target in (0.0, 1.0):
                logits, targets = torch.tensor([logit]), torch.tensor([target])
                got, (slope,) = submission.vjp(BRICK, logits, targets)
                if not is_close(got, reference.bce_with_logits(logits, targets)):
                    return False
                if not is_close(slope, reference.bce_gradient(logits, targets), forward=False):
                    return False
    except WrongAnswer:
        return False
    return True
