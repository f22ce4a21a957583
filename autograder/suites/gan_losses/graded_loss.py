"""How a loss is looked at: values and gradients against the reference, with hints for what usual mistakes compute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from autograder.compare import expect_close, hinting
from autograder.sandbox.proxy import Submission, WrongAnswer
from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.follow_through import are_gradients_of, is_value_of
from autograder.suites.gan_losses.reference import Loss

SCALAR_HINT = "Did you average over the batch? The loss is a scalar of shape (), of its arguments' type."
SIZES_HINT = "Are there as many real as fake samples? Each batch is averaged by itself."
STABLE_HINT = (
    "Are logits of moderate size right? Then look for a logarithm of something that has been rounded to 0 or 1 "
    "(a small number added inside, or a clamp, only hides it), or for an exponential that overflows."
)
UPSTREAM_HINT = "Does the backward of your own function use the gradient that it is given?"


@dataclass(frozen=True)
class GradedLoss:
    """One loss of the table: its arguments in words, what is right, what mistakes compute, by the hint for each.

    earlier: losses that this one is made of, or may be; `penalties` of its last arguments are not theirs.
    """

    name: str
    arguments: tuple[str, ...]
    right: Loss
    mistakes: Mapping[str, Loss]
    earlier: tuple[str, ...] = ()
    penalties: int = 0

    def check_value(self, submission: Submission, *args: Tensor, **options: float) -> None:
        """WrongAnswer unless the loss of these arguments is right, or what the student's earlier losses make of it."""
        try:
            uneven = len({len(arg) for arg in args if arg.dim()}) > 1
            with hinting(SIZES_HINT if uneven else SCALAR_HINT, errors=uneven):
                got = submission.call(self.name, *args, **options).tensor(())
            self._compare_value(got, args, options, self.mistakes)
        except WrongAnswer:
            if not any(
                is_value_of(submission, self.name, earlier, *args, penalties=self.penalties, **options)
                for earlier in self.earlier
            ):
                raise

    def check_gradients(self, submission: Submission, *args: Tensor, upstream: float = 1.0, **options: float) -> None:
        """WrongAnswer unless the gradients of all arguments are right, or those of the student's earlier losses."""
        try:
            _, slopes = self._differentiate(submission, args, options, upstream)
            known = {**self.mistakes, UPSTREAM_HINT: lambda *args, **options: self.right(*args, **options) / upstream}
            self._compare_gradients(slopes, args, options, known)
        except WrongAnswer:
            if not self._are_gradients_followed(submission, args, options):
                raise

    def check_large(self, submission: Submission, rng: torch.Generator, *penalties: Tensor) -> None:
        """Values and gradients of logits of up to 10,000, of both signs."""
        for size in (17.0, 80.0, 1e3, 1e4):
            for sign in (1.0, -1.0):
                sizes = size * (0.5 + 0.5 * torch.rand(2, 3, generator=rng))
                logits = [sign * sizes[0], -sign * sizes[1]][: len(self.arguments) - self.penalties]
                self._check_both(submission, *logits, *penalties)

    def _check_both(self, submission: Submission, *args: Tensor) -> None:
        try:
            with hinting(STABLE_HINT):
                value, slopes = self._differentiate(submission, args, {}, 1.0)
                self._compare_value(value, args, {}, {})
                self._compare_gradients(slopes, args, {}, {})
        except WrongAnswer:
            if not self._are_gradients_followed(submission, args, {}):
                raise

    def _differentiate(
        self, submission: Submission, args: Sequence[Tensor], options: Mapping[str, Any], upstream: float
    ) -> tuple[Tensor, list[Tensor]]:
        with hinting(SCALAR_HINT):
            value, slopes = submission.vjp(
                self.name, *args, wrt=range(len(args)), cotangent=torch.tensor(upstream), **options
            )
        return value, [slope / upstream for slope in slopes]

    def _compare_value(
        self, got: Tensor, args: Sequence[Tensor], options: Mapping[str, Any], mistakes: Mapping[str, Loss]
    ) -> None:
        expect_close(
            got,
            self.right(*args, **options),
            f"{self.name} of {self._describe(args)}",
            mistakes={hint: partial(loss, *_widen(args), **options) for hint, loss in mistakes.items()},
        )

    def _compare_gradients(
        self, slopes: list[Tensor], args: Sequence[Tensor], options: Mapping[str, Any], mistakes: Mapping[str, Loss]
    ) -> None:
        wanted = reference.slopes(self.right, *args, **options)
        for index, (name, got, want) in enumerate(zip(self.arguments, slopes, wanted, strict=True)):
            known: dict[str, Tensor | Callable[[], Tensor]] = {
                f"Did you detach the {name}, or leave PyTorch? Nothing flows back.": 0 * want
            }
            known |= {hint: partial(_slope, index, loss, *args, **options) for hint, loss in mistakes.items()}
            expect_close(got, want, f"{self.name}: gradient of the {name}", mistakes=known, forward=False)

    def _are_gradients_followed(
        self, submission: Submission, args: Sequence[Tensor], options: Mapping[str, Any]
    ) -> bool:
        return any(
            are_gradients_of(submission, self.name, earlier, *args, penalties=self.penalties, **options)
            for earlier in self.earlier
        )

    def _describe(self, args: Sequence[Tensor]) -> str:
        return " and ".join(
            f"{len(arg)} {name}" if arg.dim() else f"a {name}" for name, arg in zip(self.arguments, args, strict=True)
        )


def _slope(index: int, loss: Loss, *args: Tensor, **options: float) -> Tensor:
    return reference.slopes(loss, *args, **options)[index]


def _widen(args: Sequence[Tensor]) -> list[Tensor]:
    return [arg.double() for arg in args]


def draw(rng: torch.Generator, *sizes: int) -> list[Tensor]:
    """Logits or scores of both signs for batches of these sizes, none near zero (where abs and clamp have a kink)."""
    found = []
    for index, size in enumerate(sizes):
        logits = 2 * torch.randn(size, generator=rng) + 0.7 - 0.5 * index
        found.append(logits + 0.05 * logits.sign())
    return found


def draw_penalty(rng: torch.Generator) -> Tensor:
    """What a penalty may be: positive, not 1 (which is its own square)."""
    return 0.2 + 0.6 * torch.rand((), generator=rng)


def draw_upstream(rng: torch.Generator) -> float:
    """The slope of whatever is computed from a loss."""
    return 1.5 + float(torch.rand((), generator=rng))


def two_term_mistakes(real_term: Loss, fake_term: Loss) -> dict[str, Loss]:
    """What goes wrong in a sum of E real_term(x) and E fake_term(G(z)); the terms are functions sample by sample."""

    def total(real: Tensor, fake: Tensor) -> Tensor:
        return real_term(real).mean() + fake_term(fake).mean()

    return {
        "Did you average the two terms? The losses of this assignment add them.": lambda r, f: total(r, f) / 2,
        "Did you swap real and fake?": lambda r, f: total(f, r),
        "Is the sign right? What is written here is to be minimised.": lambda r, f: -total(r, f),
        "Did you sum over the batch instead of averaging?": lambda r, f: real_term(r).sum() + fake_term(f).sum(),
        "Did you leave out the real batch's term?": lambda r, f: fake_term(f).mean(),
        "Did you leave out the fake batch's term?": lambda r, f: real_term(r).mean(),
        "Do both terms have the right sign?": lambda r, f: real_term(r).mean() - fake_term(f).mean(),
        "Do both terms have the right sign? They are to be minimised.": lambda r, f: (
            fake_term(f).mean() - real_term(r).mean()
        ),
        "Is it one average over both batches? Each batch is averaged by itself.": lambda r, f: torch.cat(
            [real_term(r), fake_term(f)]
        ).mean(),
        "Are both batches divided by the size of one? Each is averaged by itself.": lambda r, f: (
            (real_term(r).sum() + fake_term(f).sum()) / len(r)
        ),
        "Are both batches divided by the size of the fake one? Each is averaged by itself.": lambda r, f: (
            (real_term(r).sum() + fake_term(f).sum()) / len(f)
        ),
        SIZES_HINT: lambda r, f: (
            (real_term(r[: len(f)]) + fake_term(f[: len(r)])).mean() if len(r) != len(f) else total(r, f)
        ),
        "Is a sigmoid applied to what comes in, or once too often?": lambda r, f: total(r.sigmoid(), f.sigmoid()),
        "Did you average before the loss? Take each sample's loss, then average.": lambda r, f: total(
            r.mean()[None], f.mean()[None]
        ),
        "Are the real ones used in both terms?": lambda r, f: total(r, r),
        "Are the fake ones used in both terms?": lambda r, f: total(f, f),
    }


def one_term_mistakes(term: Loss) -> dict[str, Loss]:
    """What goes wrong in E term(G(z)); the term is a function sample by sample."""
    return {
        "Is the sign right? What is written here is to be minimised.": lambda f: -term(f).mean(),
        "Did you sum over the batch instead of averaging?": lambda f: term(f).sum(),
        "Is there a factor 1/2 that the table does not have?": lambda f: term(f).mean() / 2,
        "Is a factor 1/2 missing, or one of 2 too many?": lambda f: 2 * term(f).mean(),
        "Is a sigmoid applied to what comes in, or once too often?": lambda f: term(f.sigmoid()).mean(),
        "Did you average before the loss? Take each sample's loss, then average.": lambda f: term(f.mean()[None])[0],
    }


def with_penalty_mistakes(right: Loss, mistakes: Mapping[str, Loss]) -> dict[str, Loss]:
    """What goes wrong in a loss plus weight times penalty: in the loss, in the weight, in the penalty."""

    def spoilt(loss: Loss) -> Loss:
        return lambda r, f, p, weight=reference.WEIGHT: loss(r, f) + weight * p

    return {
        "Did you leave out the penalty?": lambda r, f, p, weight=reference.WEIGHT: right(r, f) + 0 * p,
        "Is the penalty multiplied by the weight?": lambda r, f, p, weight=reference.WEIGHT: right(r, f) + p,
        "Do you use the weight that is given, or always 10?": lambda r, f, p, weight=reference.WEIGHT: (
            right(r, f) + reference.WEIGHT * p
        ),
        "Is the penalty added? It is to become small.": lambda r, f, p, weight=reference.WEIGHT: (
            right(r, f) - weight * p
        ),
        "What is weighted? It is the penalty alone.": lambda r, f, p, weight=reference.WEIGHT: (
            weight * (right(r, f) + p)
        ),
        "Is the loss weighted instead of the penalty?": lambda r, f, p, weight=reference.WEIGHT: (
            weight * right(r, f) + p
        ),
        "Is the penalty a square already? It is used as it comes.": lambda r, f, p, weight=reference.WEIGHT: (
            right(r, f) + weight * p.square()
        ),
        "Did you leave out everything but the penalty?": lambda r, f, p, weight=reference.WEIGHT: (
            0 * (r.sum() + f.sum()) + weight * p
        ),
        **{hint: spoilt(loss) for hint, loss in mistakes.items()},
    }
