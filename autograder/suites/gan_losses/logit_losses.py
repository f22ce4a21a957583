"""The losses on logits: minimax, non-saturating and DRAGAN's, each with what usual mistakes compute."""

from torch import Tensor

from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.graded_loss import (
    GradedLoss,
    one_term_mistakes,
    two_term_mistakes,
    with_penalty_mistakes,
)
from autograder.suites.gan_losses.reference import minus_log

BOTH = ("real logits", "fake logits")


def believed(logits: Tensor) -> Tensor:
    """-log D."""
    return minus_log(logits)


def doubted(logits: Tensor) -> Tensor:
    """-log(1 - D)."""
    return minus_log(-logits)


CROSS_ENTROPY_MISTAKES = {
    **two_term_mistakes(believed, doubted),
    "Are the fakes' logits taken for real ones? Their term has 1 - D.": lambda r, f: (
        believed(r).mean() + believed(f).mean()
    ),
    "Are the real logits taken for fake ones? Their term has D.": lambda r, f: doubted(r).mean() + doubted(f).mean(),
}
FAKE_MISTAKES = {
    "Is this the minimax loss? The non-saturating one takes the logarithm of D.": reference.minimax_generator_loss,
    "Is this the non-saturating loss? The minimax one takes the logarithm of 1 - D.": (
        reference.non_saturating_generator_loss
    ),
    "Is the sign right? This trains the generator to be caught.": lambda f: doubted(f).mean(),
}
MINIMAX_DISCRIMINATOR = GradedLoss("minimax_discriminator_loss", BOTH, reference.cross_entropy, CROSS_ENTROPY_MISTAKES)
MINIMAX_GENERATOR = GradedLoss(
    "minimax_generator_loss",
    BOTH[1:],
    reference.minimax_generator_loss,
    {**FAKE_MISTAKES, **one_term_mistakes(lambda s: -doubted(s))},
)
NON_SATURATING_DISCRIMINATOR = GradedLoss(
    "non_saturating_discriminator_loss",
    BOTH,
    reference.cross_entropy,
    CROSS_ENTROPY_MISTAKES,
    earlier=("minimax_discriminator_loss",),
)
NON_SATURATING_GENERATOR = GradedLoss(
    "non_saturating_generator_loss",
    BOTH[1:],
    reference.non_saturating_generator_loss,
    {**FAKE_MISTAKES, **one_term_mistakes(believed)},
)
DRAGAN_DISCRIMINATOR = GradedLoss(
    "dragan_discriminator_loss",
    (*BOTH, "penalty"),
    reference.penalised(reference.cross_entropy),
    with_penalty_mistakes(reference.cross_entropy, CROSS_ENTROPY_MISTAKES),
    earlier=("non_saturating_discriminator_loss", "minimax_discriminator_loss"),
    penalties=1,
)
DRAGAN_GENERATOR = GradedLoss(
    "dragan_generator_loss",
    BOTH[1:],
    reference.non_saturating_generator_loss,
    {**FAKE_MISTAKES, **one_term_mistakes(believed)},
    earlier=("non_saturating_generator_loss",),
)
