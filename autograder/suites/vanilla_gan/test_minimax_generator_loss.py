"""Hidden tests of minimax_generator_loss."""

import pytest
import torch

from autograder.suites.vanilla_gan import reference
from autograder.suites.vanilla_gan.generator_losses import GeneratorLoss, draw_logits

minimax, non_saturating = reference.minimax_generator_loss, reference.generator_loss
LOSS = GeneratorLoss(
    "minimax_generator_loss",
    hints={
        "Is the sign right? The minimax loss is minimised as it stands: E log(1 - D(G(z))).": lambda s: -minimax(s),
        "Is this the non-saturating loss? Minimax takes the logarithm of 1 - D.": non_saturating,
        "Did you take the logarithm of D instead of 1 - D?": lambda s: -non_saturating(s),
        "Did you sum over the batch instead of averaging?": lambda s: len(s) * minimax(s),
        "Is there a factor 1/2? It belongs to the discriminator's loss only.": lambda s: minimax(s) / 2,
        "Is there a factor 1/2, and the wrong sign?": lambda s: -minimax(s) / 2,
        "Did you detach the logits? Nothing flows back.": lambda s: 0 * s.sum() + minimax(s).detach(),
        "Is a sigmoid applied twice?": lambda s: minimax(s.sigmoid()),
        "Did you average D first and take the logarithm after?": lambda s: (1 - s.sigmoid().mean()).log(),
    },
    over=lambda brick: lambda fake: -brick(fake, torch.zeros_like(fake)),
)


@pytest.mark.points(2)
def test_values(submission, rng):
    """The loss is the mean of log(1 - D(G(z)))"""
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
