"""Hidden tests of lsgan_discriminator_loss and lsgan_generator_loss."""

import pytest

from autograder.suites.gan_losses.graded_loss import draw, draw_upstream
from autograder.suites.gan_losses.score_losses import LSGAN_DISCRIMINATOR, LSGAN_GENERATOR


@pytest.mark.points(1)
def test_discriminator(submission, rng):
    """The discriminator's loss is half the squared distances of the scores from their targets"""
    for _ in range(3):
        LSGAN_DISCRIMINATOR.check_value(submission, *draw(rng, 8, 8))


@pytest.mark.points(1)
def test_sizes(submission, rng):
    """Each batch is averaged by itself, whatever its size and that of its scores"""
    for sizes, size in (((5, 12), 1.0), ((7, 1), 30.0), ((1, 1), 0.1), ((3, 64), 100.0)):
        LSGAN_DISCRIMINATOR.check_value(submission, *(size * scores for scores in draw(rng, *sizes)))


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is half the squared distance of the fakes' scores from their target"""
    for count, size in ((9, 1.0), (1, 30.0), (24, 0.1)):
        LSGAN_GENERATOR.check_value(submission, *(size * scores for scores in draw(rng, count)))


@pytest.mark.points(1)
def test_gradients(submission, rng):
    """Gradients of both losses with respect to the scores are right"""
    LSGAN_DISCRIMINATOR.check_gradients(submission, *draw(rng, 6, 9), upstream=draw_upstream(rng))
    LSGAN_GENERATOR.check_gradients(submission, *draw(rng, 11), upstream=draw_upstream(rng))
