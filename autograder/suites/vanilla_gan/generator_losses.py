"""What the hidden tests of both generator losses share: shapes, values, gradients, large logits."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.compare import expect_close, hinting
from autograder.sandbox.proxy import Submission
from autograder.suites.vanilla_gan import follow_through, reference

SCALAR_HINT = (
    "Did you average over the batch? The loss is a tensor, a scalar of shape (), of the logits' type (not a float: "
    ".item() leaves the graph behind)."
)
STABLE_HINT = (
    "Are logits of moderate size right? Then look for a logarithm of something that has been rounded to 0 or 1 "
    "(a small number added inside, or a clamp, only hides it), or for an exponential that overflows."
)
CLOSED_FORMS: dict[str, tuple[reference.Loss, Callable[[Tensor], Tensor]]] = {
    "minimax_generator_loss": (reference.minimax_generator_loss, lambda s: reference.saturation(s)[0]),
    "generator_loss": (reference.generator_loss, lambda s: reference.saturation(s)[1]),
}


@dataclass(frozen=True)
class GeneratorLoss:
    """One of the two generator losses, hints for other losses in its place, and how it is made of cross-entropy."""

    name: str
    hints: dict[str, reference.Loss]
    over: Callable[[reference.Loss], reference.Loss]

    def check_value(self, submission: Submission, logits: Tensor, what: str, hint: str = "") -> None:
        """WrongAnswer unless the loss of these logits is right, or follows from the student's bce_with_logits."""
        with hinting(SCALAR_HINT):
            got = follow_through.ask_loss(submission, self.name, logits)
        expect_close(
            got,
            CLOSED_FORMS[self.name][0](logits),
            what,
            mistakes={} if hint else {name: loss(logits.double()) for name, loss in self.hints.items()},
            own=lambda: self._own(submission)(logits),
            hint=hint,
        )

    def check_gradient(self, submission: Submission, logits: Tensor, what: str, hint: str = "") -> None:
        """WrongAnswer unless the gradient of the logits is right, or follows from the student's bce_with_logits."""
        with hinting(SCALAR_HINT):
            (got,) = follow_through.ask_gradients(submission, self.name, logits)
        expect_close(
            got,
            CLOSED_FORMS[self.name][1](logits) / logits.numel(),
            what,
            mistakes={} if hint else {name: _slope(loss, logits) for name, loss in self.hints.items()},
            forward=False,
            own=lambda: follow_through.gradient(self._own(submission), logits),
            hint=hint,
        )

    def check_large(self, submission: Submission, rng: torch.Generator) -> None:
        """Both checks for logits of up to 10,000, of both signs, alone and together."""

        def check(size: float) -> None:
            for sign in (torch.ones(2), -torch.ones(2), torch.tensor([1.0, -1.0])):
                for scale in (1.0, 0.01, 0.001) if size > 1e3 else (1.0, 0.5):
                    logits = scale * size * sign * (0.5 + 0.5 * torch.rand(2, generator=rng))
                    self.check_value(submission, logits, "loss of large logits", STABLE_HINT)
                    self.check_gradient(submission, logits, "gradient of large logits", STABLE_HINT)

        follow_through.up_to_own_limit(submission, check)

    def _own(self, submission: Submission) -> reference.Loss:
        return self.over(follow_through.cross_entropy(submission))


def draw_logits(rng: torch.Generator, count: int) -> Tensor:
    """Logits of both signs, none near zero (where formulas with abs and clamp have a kink)."""
    logits = 2 * torch.randn(count, generator=rng) - 0.4
    return logits + 0.05 * logits.sign()


def _slope(loss: reference.Loss, logits: Tensor) -> Callable[[], Tensor]:
    def slope() -> Tensor:
        leaf = logits.double().requires_grad_()
        (found,) = torch.autograd.grad(loss(leaf), (leaf,))
        return found

    return slope
