"""The losses on scores, which are no probabilities: WGAN, WGAN-GP and LSGAN, each with what usual mistakes compute."""

from torch import Tensor

from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.graded_loss import (
    GradedLoss,
    one_term_mistakes,
    two_term_mistakes,
    with_penalty_mistakes,
)

BOTH = ("real scores", "fake scores")


def minus(scores: Tensor) -> Tensor:
    """-D, sample by sample."""
    return -scores.double()


def plus(scores: Tensor) -> Tensor:
    """D, sample by sample."""
    return scores.double()


def from_one(scores: Tensor) -> Tensor:
    """Half the squared distance from 1."""
    return (scores.double() - 1).square() / 2


def from_zero(scores: Tensor) -> Tensor:
    """Half the squared distance from 0."""
    return scores.double().square() / 2


WGAN_MISTAKES = {
    "Is the sign right? The critic's score is to be high for real samples, low for fakes.": lambda r, f: (
        r.mean() - f.mean()
    ),
    "Did you take the absolute value of the difference?": lambda r, f: (r.mean() - f.mean()).abs(),
    "Do scores go through a logarithm? WGAN takes them as they are.": reference.cross_entropy,
    "Are scores squeezed by tanh?": lambda r, f: f.tanh().mean() - r.tanh().mean(),
    **two_term_mistakes(minus, plus),
}
WGAN_FAKE_MISTAKES = {
    "Is the sign right? The generator wants high scores.": lambda f: f.double().mean(),
    "Does the score go through a logarithm? WGAN takes it as it is.": reference.non_saturating_generator_loss,
    **one_term_mistakes(minus),
}
LSGAN_MISTAKES = {
    "Are both factors 1/2 there, one for each term?": lambda r, f: 2 * (from_one(r).mean() + from_zero(f).mean()),
    "Is the factor 1/2 there for both terms, not for the first alone?": lambda r, f: (
        from_one(r).mean() + 2 * from_zero(f).mean()
    ),
    "Is the factor 1/2 there for both terms, not for the second alone?": lambda r, f: (
        2 * from_one(r).mean() + from_zero(f).mean()
    ),
    "Which target do real samples have, and which fakes?": lambda r, f: from_zero(r).mean() + from_one(f).mean(),
    "Is the target of the fakes 0?": lambda r, f: from_one(r).mean() + (f + 1).square().mean() / 2,
    "Is the target of the fakes 0, not 1?": lambda r, f: from_one(r).mean() + from_one(f).mean(),
    "Is the target of the real samples 1?": lambda r, f: from_zero(r).mean() + from_zero(f).mean(),
    "Is the target of the real samples 1? Mind the sign.": lambda r, f: (
        (r + 1).square().mean() / 2 + from_zero(f).mean()
    ),
    "Is each distance squared?": lambda r, f: ((r - 1).abs().mean() + f.abs().mean()) / 2,
    **two_term_mistakes(from_one, from_zero),
}
LSGAN_FAKE_MISTAKES = {
    "Is the factor 1/2 there?": lambda f: 2 * from_one(f).mean(),
    "Which target does the generator want its fakes to have?": lambda f: from_zero(f).mean(),
    "Which target does the generator want? It wants them taken for real.": lambda f: -from_zero(f).mean(),
    "Is the target 1? Mind the sign.": lambda f: (f + 1).square().mean() / 2,
    "Is each distance squared?": lambda f: (f - 1).abs().mean() / 2,
    **one_term_mistakes(from_one),
}
WGAN_DISCRIMINATOR = GradedLoss("wgan_discriminator_loss", BOTH, reference.wgan_discriminator_loss, WGAN_MISTAKES)
WGAN_GENERATOR = GradedLoss("wgan_generator_loss", BOTH[1:], reference.wgan_generator_loss, WGAN_FAKE_MISTAKES)
WGAN_GP_DISCRIMINATOR = GradedLoss(
    "wgan_gp_discriminator_loss",
    (*BOTH, "penalty"),
    reference.penalised(reference.wgan_discriminator_loss),
    with_penalty_mistakes(reference.wgan_discriminator_loss, WGAN_MISTAKES),
    earlier=("wgan_discriminator_loss",),
    penalties=1,
)
WGAN_GP_GENERATOR = GradedLoss(
    "wgan_gp_generator_loss",
    BOTH[1:],
    reference.wgan_generator_loss,
    WGAN_FAKE_MISTAKES,
    earlier=("wgan_generator_loss",),
)
LSGAN_DISCRIMINATOR = GradedLoss("lsgan_discriminator_loss", BOTH, reference.lsgan_discriminator_loss, LSGAN_MISTAKES)
LSGAN_GENERATOR = GradedLoss("lsgan_generator_loss", BOTH[1:], reference.lsgan_generator_loss, LSGAN_FAKE_MISTAKES)
