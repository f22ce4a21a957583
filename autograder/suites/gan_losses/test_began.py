"""Hidden tests of reconstruction_error, began_discriminator_loss and began_generator_loss."""

import pytest
import torch

from autograder.compare import expect_close, hinting
from autograder.suites.gan_losses import reference
from autograder.suites.gan_losses.graded_loss import GradedLoss, draw_penalty, draw_upstream

ERROR, DISCRIMINATOR_LOSS = "reconstruction_error", "began_discriminator_loss"
SCALAR_HINT = "Is it one number, of shape (), averaged over everything?"
GENERATOR = GradedLoss(
    "began_generator_loss",
    ("fake error",),
    reference.began_generator_loss,
    {
        "Is the sign right? The generator wants its fakes to be reconstructed well.": lambda error: -error,
        "Is the error a mean already? It is used as it comes.": lambda error: error.square(),
        "Is this a cross-entropy? The error itself is the loss.": reference.minus_log,
    },
)


def draw_pictures(rng, *shape):
    """Two batches of pictures that nowhere agree (there the absolute value has a kink)."""
    images, reconstructed = (2 * torch.rand(2, *shape, generator=rng) - 1).unbind()
    gap = reconstructed - images
    return images, reconstructed + 0.02 * torch.where(gap < 0, -1.0, 1.0)


def error_mistakes(images, reconstructed):
    gap = (images - reconstructed).double()
    want = gap.abs().mean()
    return {
        "Did you sum over all values instead of averaging?": gap.abs().sum(),
        "Did you sum over the values of a picture? Average over all of them.": gap.abs().sum() / len(gap),
        "Is it the absolute difference? This is its square.": gap.square().mean(),
        "Is it the absolute difference? This is the root of a mean square.": gap.square().mean().sqrt(),
        "Is it the absolute difference? This is a Euclidean norm.": gap.flatten(1).norm(dim=1).mean(),
        "Is there an absolute value? Without one, differences cancel.": gap.mean(),
        "Is the absolute value that of each difference? Otherwise they cancel.": -gap.mean(),
        "Is the absolute value that of each difference, taken before the mean?": gap.mean().abs(),
        "Is the sign right?": -want,
        "Is there a factor that is not in the text?": want / 2,
        "Is it plain L1? This one is smooth near zero.": torch.nn.functional.smooth_l1_loss(gap, 0 * gap),
    }


@pytest.mark.points(1)
def test_error(submission, rng):
    """The error is the mean absolute difference over all elements"""
    for shape in ((2, 3, 4, 6), (1, 1, 5, 5), (5, 3), (1, 7)):
        images, reconstructed = draw_pictures(rng, *shape)
        with hinting(SCALAR_HINT):
            got = submission.call(ERROR, images, 3 * reconstructed).tensor(())
        want = reference.reconstruction_error(images, 3 * reconstructed)
        expect_close(got, want, "error of a batch", mistakes=error_mistakes(images, 3 * reconstructed))


@pytest.mark.points(1)
def test_error_gradients(submission, rng):
    """The error's gradient reaches the images as well as what was made of them"""
    for shape in ((3, 2, 4, 4), (4, 2)):
        images, reconstructed = draw_pictures(rng, *shape)
        upstream = draw_upstream(rng)
        with hinting(SCALAR_HINT):
            _, slopes = submission.vjp(ERROR, images, reconstructed, wrt=(0, 1), cotangent=torch.tensor(upstream))
        sign = (images - reconstructed).double().sign() / images.numel()
        for name, got, want in zip(("images", "reconstructed images"), slopes, (sign, -sign), strict=True):
            known = {
                f"Did you detach the {name}? Generator and discriminator are trained through both.": 0 * want,
                "Is the sign right?": -want,
                "Did you sum instead of averaging?": want * images.numel(),
            }
            expect_close(got / upstream, want, f"error: gradient of the {name}", mistakes=known, forward=False)


@pytest.mark.points(1)
def test_discriminator(submission, rng):
    """The discriminator's loss is the real error less k times the fake one, with its gradients"""
    for k in (*(0.1 + 0.3 * torch.rand(3, generator=rng)).tolist(), 0.0, 1.0):
        loss = GradedLoss(
            DISCRIMINATOR_LOSS,
            ("real error", "fake error"),
            lambda real, fake, k=k: reference.began_discriminator_loss(real, fake, k),
            {
                "Is the fakes' error subtracted?": lambda real, fake, k=k: real + k * fake,
                "Did you leave out k?": lambda real, fake, k=k: real - fake,
                "Did you leave out the fakes?": lambda real, fake, k=k: real + 0 * fake,
                "Which of the two errors has the factor k?": lambda real, fake, k=k: k * real - fake,
                "Which of the two errors has the factor k, and which sign?": lambda real, fake, k=k: fake - k * real,
                "Did you swap real and fake?": lambda real, fake, k=k: fake - k * real,
                "Is the sign right? What is written here is to be minimised.": lambda real, fake, k=k: k * fake - real,
                "Does k count both errors?": lambda real, fake, k=k: k * (real - fake),
                "Is it k, or 1 - k?": lambda real, fake, k=k: real - (1 - k) * fake,
            },
        )
        errors = draw_penalty(rng), draw_penalty(rng) + 0.7
        loss.check_value(submission, *errors, k=k)
        loss.check_gradients(submission, *errors, k=k, upstream=draw_upstream(rng))


@pytest.mark.points(1)
def test_generator(submission, rng):
    """The generator's loss is the fakes' error, with its gradient"""
    for _ in range(2):
        GENERATOR.check_value(submission, draw_penalty(rng))
    GENERATOR.check_gradients(submission, draw_penalty(rng), upstream=draw_upstream(rng))
