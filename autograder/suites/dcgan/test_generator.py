"""Hidden tests of DCGANGenerator."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.dcgan import matched
from autograder.suites.dcgan.matched import count, size
from autograder.suites.dcgan.networks import FORMS, Generator

NAME = "DCGANGenerator"
TOTAL = 3_576_704
NARROW = {"noise_dim": 5, "base_channels": 2, "image_channels": 3}
SHAPE_HINT = (
    "Do five transposed convolutions lead from 1 to 4 pixels, then double four times? Is the batch size built in?"
)
WIRING_HINT = "Transposed convolution, batch norm, ReLU: four times; then transposed convolution, tanh: nothing else?"
PIXEL_HINT = "Noise may also come as a picture of one pixel, (n, noise_dim, 1, 1)."
COUNT_MISTAKES = {
    "Do the convolutions have biases? The table has none.": TOTAL + 963,
    "Does the last convolution have a bias? The table has none.": TOTAL + 3,
    "Do the convolutions before batch norm have biases? The table has none.": TOTAL + 960,
    "Is there batch norm on the pictures themselves?": TOTAL + 6,
    "Is there a batch norm missing, or one without weights and biases?": TOTAL - 1_024,
    "Is the batch norm behind the second convolution missing, or without weights and biases?": TOTAL - 512,
    "Is there a batch norm missing before the last convolution, or one without weights and biases?": TOTAL - 128,
    "Has batch norm no weights and biases?": TOTAL - 1_920,
    "Is there no batch norm?": TOTAL - 1_920,
}


def draw_noise(rng, batch_size, noise_dim=100, **_):
    return torch.randn(batch_size, noise_dim, generator=rng)


@pytest.fixture
def pair(submission, rng):
    """A narrow generator of the student's with the reference's parameters."""
    ways = [lambda n, **sizes: draw_noise(rng, n, **sizes), lambda n, **sizes: as_pixel(draw_noise(rng, n, **sizes))]
    return matched.match(submission, NAME, Generator, NARROW, ways, rng)


def as_pixel(noise):
    return noise[:, :, None, None]


def draw_pictures(module, noise):
    """Pictures from noise in either form: that both are accepted has a test of its own."""
    try:
        return module(noise)
    except WrongAnswer as wrong:
        try:
            return module(as_pixel(noise))
        except WrongAnswer:
            raise wrong from None


def mistaken_outputs(network, noise):
    noise = noise.double()

    def variation(**changes):
        return lambda: network.variation(noise, **changes)

    missing = [tuple(1.0 if index == hole else 0.0 for index in range(4)) for hole in range(4)]
    return {
        "Is there a tanh at the end?": variation(output=lambda x: x),
        "Is there a sigmoid at the end where tanh belongs?": variation(output=torch.sigmoid),
        "Did you apply tanh twice?": variation(output=lambda x: x.tanh().tanh()),
        "Is there a ReLU between the last convolution and tanh?": variation(output=lambda x: x.relu().tanh()),
        "Is there a clamp in place of tanh?": variation(output=lambda x: x.clamp(-1, 1)),
        "Did you use LeakyReLU? The generator has ReLU.": variation(slopes=(0.2,) * 4),
        "Did you use LeakyReLU (0.01)? The generator has ReLU.": variation(slopes=(0.01,) * 4),
        "Is there a ReLU behind every batch norm?": variation(slopes=(1.0,) * 4),
        **{f"Is there a ReLU behind batch norm {index + 1}?": variation(slopes=s) for index, s in enumerate(missing)},
        "Is batch norm before ReLU, or behind it?": variation(norm_last=True),
        "Did a number land in batch norm's eps? It is the second argument.": variation(epsilon=0.8),
        "Did a number land in batch norm's eps (0.1)? It is the second argument.": variation(epsilon=0.1),
        "Did a number land in batch norm's eps (0.001)? It is the second argument.": variation(epsilon=1e-3),
    }


@pytest.mark.points(2)
def test_batch_sizes(submission, rng):
    """Pictures are (n, image_channels, 64, 64) in [-1, 1], for any number of samples"""
    module = submission.build(NAME, **NARROW)
    for batch_size, training in ((5, True), (1, False), (3, False)):
        module.train() if training else module.eval()
        noise = 10 * draw_noise(rng, batch_size, **NARROW)
        with hinting(SHAPE_HINT, errors=True):
            pictures = draw_pictures(module, noise).tensor((batch_size, 3, 64, 64))
        in_range = bool((pictures.abs() <= 1).all())  # False for NaN
        expect(in_range, "some pixels lie outside of [-1, 1]", "Is there a tanh at the end?")
        expect(
            not training or not torch.equal(pictures[0], pictures[1]),  # else a narrow one may rectify both to nothing
            "different noise gave the same picture",
            "Does forward use the noise it is given?",
        )


@pytest.mark.points(1)
def test_noise_as_a_pixel(submission, rng):
    """Noise (n, noise_dim) and (n, noise_dim, 1, 1) give the same pictures"""
    module = submission.build(NAME, **NARROW).eval()
    for batch_size in (3, 1):
        noise = draw_noise(rng, batch_size, **NARROW)
        with hinting(PIXEL_HINT, errors=True):
            flat = module(noise).tensor((batch_size, 3, 64, 64))
            pixel = module(as_pixel(noise)).tensor((batch_size, 3, 64, 64))
        expect(torch.allclose(flat, pixel, atol=1e-6), "the same noise as a pixel gave another picture", PIXEL_HINT)


@pytest.mark.points(3)
def test_parameter_count(submission, rng):
    """At full width the network has the table's 3,576,704 parameters"""
    got = matched.full_size(submission, NAME, draw_noise(rng, 2))
    expect_equal(got, TOTAL, "number of parameters", mistakes=COUNT_MISTAKES, shown=True)


@pytest.mark.points(2)
def test_arguments_set_the_sizes(submission, rng):
    """noise_dim, base_channels and image_channels set the sizes of the layers"""
    for sizes in ((3, 4, 1), (8, 2, 5)):
        named = dict(zip(NARROW, sizes, strict=True))
        noise = draw_noise(rng, 2, **named)
        wanted = [size(Generator, form, **named) for form in FORMS[:4]]  # biases cost their points above
        ignored = {
            f"Do you use {name}, or a number in its place?": size(Generator, **{**named, name: default})
            for name, default in (("base_channels", 64), ("image_channels", 3), ("noise_dim", 100))
        }
        for args, kwargs in ((sizes, {}), ((), named)):
            with hinting("Do you use all three arguments?", errors=True):
                module = submission.build(NAME, *args, **kwargs)
                draw_pictures(module, noise).tensor((2, sizes[2], 64, 64))
            got = count(module)
            if got not in wanted:
                what = f"number of parameters of {NAME}{sizes}"
                expect_equal(got, wanted[0], what, mistakes=ignored, shown=True, hint=matched.WIDTHS_HINT)


@pytest.mark.points(3)
def test_values_in_training_mode(pair, rng):
    """Given the same parameters, it draws the same pictures as the network of the table, in training mode"""
    for batch_size in (5, 2):
        noise = pair.draw(rng, batch_size)
        mistakes = mistaken_outputs(pair.network, noise)
        pair.expect_outputs(noise, "pictures with the reference's parameters", mistakes, WIRING_HINT, training=True)


@pytest.mark.points(2)
def test_values_in_evaluation_mode(pair, rng):
    """Given the same parameters and running statistics, it draws the same pictures in evaluation mode"""
    for batch_size in (1, 5):
        noise = pair.draw(rng, batch_size)
        mistakes = mistaken_outputs(pair.network, noise)
        pair.expect_outputs(noise, "pictures in evaluation mode", mistakes, WIRING_HINT, training=False)


@pytest.mark.points(1)
def test_running_statistics(pair, rng):
    """A batch in training mode moves the running statistics of batch norm"""
    pair.expect_statistics(pair.draw(rng, 4))


@pytest.mark.points(2)
def test_gradients(pair, rng):
    """Gradients reach the noise and every parameter, and are right"""
    channels = pair.network.convolutions[-1].out_channels
    for training in (False, True):  # training moves running statistics
        noise = pair.draw(rng, 3)
        cotangent = torch.randn(3, channels, 64, 64, generator=rng)
        pair.expect_gradients(noise, cotangent, "noise", training=training)
