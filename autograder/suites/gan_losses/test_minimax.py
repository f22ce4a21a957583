"""Hidden tests of minimax_discriminator_loss and minimax_generator_loss."""

import pytest

from autograder.suites.gan_losses.graded_loss import draw, draw_upstream
from autograder.suites.gan_losses.logit_losses import MINIMAX_DISCRIMINATOR, MINIMAX_GENERATOR


@pytest.mark.points(1)
def test_discriminator(submission, rng):
    """The discriminator's loss is the sum of two means, for batches of any size"""
    for sizes in ((8, 8), (5, 12), (7, 1), (1, 1)):
        MINIMAX_DISCRIMINATOR.check_value(submission, *draw(rng, *sizes))


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is the mean of log(1 - D(G(z)))"""
    for size in (9, 1, 24):
        MINIMAX_GENERATOR.check_value(submission, *draw(rng, size))


@pytest.mark.points(1)
def test_gradients(submission, rng):
    """Gradients of both losses with respect to the logits are right"""
    MINIMAX_DISCRIMINATOR.check_gradients(submission, *draw(rng, 6, 9), upstream=draw_upstream(rng))
    MINIMAX_GENERATOR.check_gradients(submission, *draw(rng, 11), upstream=draw_upstream(rng))


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """Values and gradients are right for logits up to 10,000 in size"""
    MINIMAX_DISCRIMINATOR.check_large(submission, rng)
    MINIMAX_GENERATOR.check_large(submission, rng)
