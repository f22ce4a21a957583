"""Hidden tests of wgan_discriminator_loss and wgan_generator_loss."""

import pytest

from autograder.suites.gan_losses.graded_loss import draw, draw_upstream
from autograder.suites.gan_losses.score_losses import WGAN_DISCRIMINATOR, WGAN_GENERATOR


@pytest.mark.points(1)
def test_critic(submission, rng):
    """The critic's loss is small where real samples score high and fakes low"""
    for _ in range(3):
        WGAN_DISCRIMINATOR.check_value(submission, *draw(rng, 8, 8))


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """Each batch is averaged by itself, whatever its size and that of its scores"""
    for sizes, size in (((5, 12), 1.0), ((7, 1), 30.0), ((1, 1), 0.1), ((3, 64), 100.0)):
        WGAN_DISCRIMINATOR.check_value(submission, *(size * scores for scores in draw(rng, *sizes)))


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is small where fakes score high"""
    for count, size in ((9, 1.0), (1, 30.0), (24, 0.1)):
        WGAN_GENERATOR.check_value(submission, *(size * scores for scores in draw(rng, count)))


@pytest.mark.points(1)
def test_gradients(submission, rng):
    """Gradients of both losses with respect to the scores are right"""
    WGAN_DISCRIMINATOR.check_gradients(submission, *draw(rng, 6, 9), upstream=draw_upstream(rng))
    WGAN_GENERATOR.check_gradients(submission, *draw(rng, 11), upstream=draw_upstream(rng))
