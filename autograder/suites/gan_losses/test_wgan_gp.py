"""Hidden tests of wgan_gp_discriminator_loss and wgan_gp_generator_loss."""

import pytest
import torch

from autograder.suites.gan_losses.graded_loss import draw, draw_penalty, draw_upstream
from autograder.suites.gan_losses.score_losses import WGAN_GP_DISCRIMINATOR, WGAN_GP_GENERATOR


@pytest.mark.points(1)
def test_critic(submission, rng):
    """The critic's loss is WGAN's plus 10 times the penalty"""
    for sizes in ((8, 8), (5, 12), (7, 1), (1, 1)):
        WGAN_GP_DISCRIMINATOR.check_value(submission, *draw(rng, *sizes), draw_penalty(rng))


@pytest.mark.points(1)
def test_weight(submission, rng):
    """The weight says how much the penalty counts"""
    for weight in (0.0, 3.0, 0.5 + float(torch.rand((), generator=rng))):
        WGAN_GP_DISCRIMINATOR.check_value(submission, *draw(rng, 6, 4), draw_penalty(rng), weight=weight)


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is WGAN's"""
    for count, size in ((9, 1.0), (1, 30.0), (24, 0.1)):
        WGAN_GP_GENERATOR.check_value(submission, *(size * scores for scores in draw(rng, count)))


@pytest.mark.points(1)
def test_gradients(submission, rng):
    """Gradients with respect to scores and penalty are right"""
    args = (*draw(rng, 6, 9), draw_penalty(rng))
    WGAN_GP_DISCRIMINATOR.check_gradients(submission, *args, upstream=draw_upstream(rng))
    WGAN_GP_DISCRIMINATOR.check_gradients(submission, *args, upstream=draw_upstream(rng), weight=2.5)
    WGAN_GP_GENERATOR.check_gradients(submission, *draw(rng, 11), upstream=draw_upstream(rng))
