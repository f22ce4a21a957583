"""Hidden tests of DCGANDiscriminator."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.suites.dcgan import matched
from autograder.suites.dcgan.matched import count, size
from autograder.suites.dcgan.networks import FORMS, Discriminator

NAME = "DCGANDiscriminator"
TOTAL = 2_765_568
NARROW = {"base_channels": 2, "image_channels": 3}
SHAPE_HINT = "Is the result (n,)? A plain squeeze() removes every dimension of size one, the batch of one too."
WIRING_HINT = "Convolutions with LeakyReLU(0.2) between them, batch norm before it in the middle three: nothing else?"
COUNT_MISTAKES = {
    "Do the convolutions have biases? The table has none.": TOTAL + 961,
    "Does the last convolution have a bias, or LeakyReLU a slope to learn? The table has none.": TOTAL + 1,
    "Do all convolutions but the last have biases? The table has none.": TOTAL + 960,
    "Does the first convolution have a bias? The table has none.": TOTAL + 64,
    "Do the first and the last convolution have biases? The table has none.": TOTAL + 65,
    "Is there batch norm behind the first convolution, too?": TOTAL + 128,
    "Is there batch norm behind the last convolution, too?": TOTAL + 2,
    "Is there a batch norm missing, or one without weights and biases?": TOTAL - 1_024,
    "Is the first batch norm missing, or without weights and biases?": TOTAL - 256,
    "Is the second batch norm missing, or without weights and biases?": TOTAL - 512,
    "Is there no batch norm?": TOTAL - 1_792,
}


def draw_images(rng, batch_size, image_channels=3, **_):
    return torch.randn(batch_size, image_channels, 64, 64, generator=rng)


@pytest.fixture
def pair(submission, rng):
    """A narrow discriminator of the student's with the reference's parameters."""
    ways = [lambda n, **sizes: draw_images(rng, n, **sizes)]
    return matched.match(submission, NAME, Discriminator, NARROW, ways, rng)


def mistaken_outputs(network, images):
    images = images.double()

    def variation(**changes):
        return lambda: network.variation(images, **changes)

    missing = [tuple(1.0 if index == hole else 0.2 for index in range(4)) for hole in range(4)]
    return {
        "Does the network give a logit or a probability? Leave the sigmoid to the loss.": variation(
            output=torch.sigmoid
        ),
        "Is there a tanh at the end? A logit is unbounded.": variation(output=torch.tanh),
        "Is there an activation behind the last convolution? A logit is unbounded.": variation(output=torch.relu),
        "Is there a LeakyReLU behind the last convolution?": variation(output=lambda x: torch.where(x > 0, x, 0.2 * x)),
        "Is it a probability's logarithm? Leave the sigmoid to the loss.": variation(output=torch.nn.LogSigmoid()),
        "Is the slope of LeakyReLU 0.2, or PyTorch's 0.01?": variation(slopes=(0.01,) * 4),
        "Did you use ReLU where LeakyReLU belongs?": variation(slopes=(0.0,) * 4),
        "Is there a LeakyReLU between convolutions? (LeakyReLU(True) has slope 1.)": variation(slopes=(1.0,) * 4),
        "Is the slope of LeakyReLU 0.2, or 0.1?": variation(slopes=(0.1,) * 4),
        **{f"Is there a LeakyReLU in block {index + 1}?": variation(slopes=s) for index, s in enumerate(missing)},
        "Is batch norm before LeakyReLU, or behind it?": variation(norm_last=True),
        "Did a number land in batch norm's eps? It is the second argument.": variation(epsilon=0.8),
        "Did a number land in batch norm's eps (0.1)? It is the second argument.": variation(epsilon=0.1),
        "Did a number land in batch norm's eps (0.2)? It is the second argument.": variation(epsilon=0.2),
        "Did a number land in batch norm's eps (0.001)? It is the second argument.": variation(epsilon=1e-3),
    }


@pytest.mark.points(2)
def test_batch_sizes(submission, rng):
    """Logits are (n,), for any number of pictures, a single one too"""
    module = submission.build(NAME, **NARROW)
    for batch_size, training in ((5, True), (1, False), (3, False)):
        module.train() if training else module.eval()
        with hinting(SHAPE_HINT):
            logits = module(draw_images(rng, batch_size)).tensor((batch_size,))
        expect(bool(logits.isfinite().all()), "some logits are NaN or infinite")
        expect(
            batch_size == 1 or bool((logits != logits[0]).any()),
            "different pictures got the same logit",
            "Does forward use the pictures it is given?",
        )


@pytest.mark.points(3)
def test_parameter_count(submission, rng):
    """At full width the network has the table's 2,765,568 parameters"""
    got = matched.full_size(submission, NAME, draw_images(rng, 2))
    expect_equal(got, TOTAL, "number of parameters", mistakes=COUNT_MISTAKES, shown=True)


@pytest.mark.points(1)
def test_arguments_set_the_sizes(submission, rng):
    """base_channels and image_channels set the sizes of the layers"""
    for sizes in ((4, 1), (3, 5)):
        named = dict(zip(NARROW, sizes, strict=True))
        images = draw_images(rng, 2, **named)
        wanted = [size(Discriminator, form, **named) for form in FORMS[:4]]  # biases cost their points above
        ignored = {
            f"Do you use {name}, or a number in its place?": size(Discriminator, **{**named, name: default})
            for name, default in (("base_channels", 64), ("image_channels", 3))
        }
        for args, kwargs in ((sizes, {}), ((), named)):
            with hinting("Do you use both arguments?", errors=True):
                module = submission.build(NAME, *args, **kwargs)
                module(images).tensor()
            got = count(module)
            if got not in wanted:
                what = f"number of parameters of {NAME}{sizes}"
                expect_equal(got, wanted[0], what, mistakes=ignored, shown=True, hint=matched.WIDTHS_HINT)


@pytest.mark.points(3)
def test_values_in_training_mode(pair, rng):
    """Given the same parameters, it gives the same logits as the network of the table, in training mode"""
    for batch_size, contrast in ((8, 1.0), (3, 30.0)):
        images = contrast * pair.draw(rng, batch_size)
        mistakes = mistaken_outputs(pair.network, images)
        with hinting(SHAPE_HINT):
            pair.expect_outputs(images, "logits with the reference's parameters", mistakes, WIRING_HINT, training=True)


@pytest.mark.points(2)
def test_values_in_evaluation_mode(pair, rng):
    """Given the same parameters and running statistics, it gives the same logits in evaluation mode"""
    for batch_size, contrast in ((1, 1.0), (5, 1.0), (4, 1e3)):  # strong pictures: a logit has no bounds
        images = contrast * pair.draw(rng, batch_size)
        mistakes = mistaken_outputs(pair.network, images)
        with hinting(SHAPE_HINT):
            pair.expect_outputs(images, "logits in evaluation mode", mistakes, WIRING_HINT, training=False)


@pytest.mark.points(1)
def test_running_statistics(pair, rng):
    """A batch in training mode moves the running statistics of batch norm"""
    pair.expect_statistics(pair.draw(rng, 4))


@pytest.mark.points(2)
def test_gradients(pair, rng):
    """Gradients reach the pictures and every parameter, and are right"""
    for training in (False, True):  # training moves running statistics
        images, cotangent = pair.draw(rng, 4), torch.randn(4, generator=rng)
        pair.expect_gradients(images, cotangent, "pictures", training=training, shape_hint=SHAPE_HINT)
