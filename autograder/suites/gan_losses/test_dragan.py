"""Hidden tests of dragan_discriminator_loss and dragan_generator_loss."""

import pytest
import torch

from autograder.suites.gan_losses.graded_loss import draw, draw_penalty, draw_upstream
from autograder.suites.gan_losses.logit_losses import DRAGAN_DISCRIMINATOR, DRAGAN_GENERATOR


@pytest.mark.points(1)
def test_discriminator(submission, rng):
    """The discriminator's loss is that of the non-saturating game plus 10 times the penalty"""
    for sizes in ((8, 8), (5, 12), (7, 1), (1, 1)):
        DRAGAN_DISCRIMINATOR.check_value(submission, *draw(rng, *sizes), draw_penalty(rng))


@pytest.mark.points(1)
def test_weight(submission, rng):
    """The weight says how much the penalty counts, and the penalty is trained, too"""
    for weight in (0.0, 3.0, 0.5 + float(torch.rand((), generator=rng))):
        DRAGAN_DISCRIMINATOR.check_value(submission, *draw(rng, 6, 4), draw_penalty(rng), weight=weight)
    args = (*draw(rng, 4, 6), draw_penalty(rng))
    DRAGAN_DISCRIMINATOR.check_gradients(submission, *args, upstream=draw_upstream(rng), weight=2.5)


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is the non-saturating one, with its gradients"""
    for size in (9, 1, 24):
        DRAGAN_GENERATOR.check_value(submission, *draw(rng, size))
    DRAGAN_GENERATOR.check_gradients(submission, *draw(rng, 11), upstream=draw_upstream(rng))


@pytest.mark.points(1)
def test_large_logits(submission, rng):
    """Values and gradients are right for logits up to 10,000 in size"""
    DRAGAN_DISCRIMINATOR.check_large(submission, rng, draw_penalty(rng))
    DRAGAN_GENERATOR.check_large(submission, rng)
