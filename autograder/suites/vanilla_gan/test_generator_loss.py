"""Hidden tests of generator_loss."""

import pytest
import torch

from autograder.suites.vanilla_gan import reference
from autograder.suites.vanilla_gan.generator_losses import GeneratorLoss, draw_logits

minimax, non_saturating = reference.minimax_generator_loss, reference.generator_loss
LOSS = GeneratorLoss(
    "generator_loss",
    hints={
        "Is the sign right? This loss is -E log D(G(z)), it is never negative.": lambda s: -non_saturating(s),
        "Is this the minimax loss? The non-saturating one takes the logarithm of D.": minimax,
        "Did you train the fakes towards the target 0? The generator wants them taken for real.": lambda s: -minimax(s),
        "Did you sum over the batch instead of averaging?": lambda s: len(s) * non_saturating(s),
        "Is there a factor 1/2? It belongs to the discriminator's loss only.": lambda s: non_saturating(s) / 2,
        "Did you detach the logits? Nothing flows back.": lambda s: 0 * s.sum() + non_saturating(s).detach(),
        "Is a sigmoid applied twice?": lambda s: non_saturating(s.sigmoid()),
        "Did you average D first and take the logarithm after?": lambda s: -s.sigmoid().mean().log(),
        "Did you average the logits first? Take the loss of each one, then average.": lambda s: non_saturating(
            s.mean()[None]
        ),
    },
    over=lambda brick: lambda fake: brick(fake, torch.ones_like(fake)),
)


@pytest.mark.points(2)
def test_values(submission, rng):
    """The loss is minus the mean of log D(G(z))"""
    for count in (8, 7, 11):
        LOSS.check_value(submission, draw_logits(rng, count), "loss of a batch of fakes")


@pytest.mark.points(2)
def test_gradients(submission, rng):
    """Gradients with respect to the logits are right"""
    for count in (6, 13):
        LOSS.check_gradient(submission, draw_logits(rng, count), "gradient of the fake logits")


@pytest.mark.points(1)
def test_batch_sizes(submission, rng):
    """The loss is an average, for any number of samples"""
    for count in (1, 5, 96):
        LOSS.check_value(submission, draw_logits(rng, count), f"loss of {count} fakes")


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """Values and gradients are right for logits up to 10,000 in size"""
    LOSS.check_large(submission, rng)
