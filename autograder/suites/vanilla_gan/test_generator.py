"""Hidden tests of Generator."""

import copy

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.vanilla_gan import reference
from autograder.suites.vanilla_gan.layouts import copy_parameters

NAME = "Generator"
NOISE_DIM, HIDDEN_DIM = 5, 7
BATCH_HINT = "Is the batch size part of the network, or taken from the noise? Is the picture (1, 28, 28)?"
RAISED_HINT = (
    "Is the batch size part of the network, or taken from the noise? Does it take 100 numbers by default, and a single "
    "vector in training mode (batch norm does not)?"
)
TANH_HINT = "Is the tanh made of exponentials that overflow? torch.tanh stays in [-1, 1] whatever it is given."
LIST_HINT = "Does parameters() list both layers? In a plain Python list they are hidden, in nn.ModuleList they are not."
LEARNS_HINT = "Can every parameter learn, and is nothing in forward detached or under no_grad?"
GRADIENT_HINT = "Did you detach something in forward?"
COUNT_MISTAKES = {
    LIST_HINT: 0,
    "Do both linear layers have a bias?": 114_064 - 128 - 784,
    "Does the first linear layer have a bias?": 114_064 - 128,
    "Does the second linear layer have a bias?": 114_064 - 784,
    "Is there one layer more than asked for, or batch normalisation?": 114_064 + 2 * 128,
}


def count(module):
    """Counted over the tensors themselves, shared ones once."""
    return sum(parameter.numel() for parameter in module.parameters().values())


def draw_noise(rng, batch_size, noise_dim):
    return torch.randn(batch_size, noise_dim, generator=rng)


def mistaken_outputs(network, noise):
    def variation(**changes):
        return lambda: network.variation(noise, **changes)

    return {
        "Is there a tanh at the end?": variation(output=lambda x: x),
        "Did you apply tanh twice?": variation(output=lambda x: x.tanh().tanh()),
        "Is there a sigmoid at the end where tanh belongs?": variation(output=torch.sigmoid),
        "Did you use ReLU where LeakyReLU belongs?": variation(slope=0.0),
        "Is the slope of LeakyReLU 0.01 or something else?": variation(slope=0.2),
        "Is there an activation between the two linear layers? (LeakyReLU(True) has slope 1.)": variation(slope=1.0),
        "Is the slope of LeakyReLU 0.01, or did a flag land in its place?": variation(slope=0.1),
    }


def expect_gradient(got, want, what):
    expect_close(got, want, what, forward=False, mistakes={GRADIENT_HINT: 0 * want})


@pytest.fixture
def matched(submission, rng):
    """A student's generator with the reference's parameters: (module, matching, reference in float64)."""
    try:
        return match(submission, rng, (NOISE_DIM, HIDDEN_DIM), scale=0.5)
    except WrongAnswer as wrong:
        try:  # arguments that are not used have a test of their own
            return match(submission, rng, (), scale=0.1)
        except WrongAnswer:
            raise wrong from None


def match(submission, rng, sizes, scale):
    network = reference.redraw(reference.Generator(*sizes), rng, scale)
    module = submission.build(NAME, *sizes)
    noise = draw_noise(rng, 3, network.into.in_features)
    module(noise)  # lazy layers get their parameters here
    matching = copy_parameters(module, network, noise)
    return module, matching, copy.deepcopy(network).double()


@pytest.mark.points(2)
def test_batch_sizes(submission, rng):
    """Pictures are (n, 1, 28, 28), for any number of samples"""
    module = submission.build(NAME)
    for batch_size in (5, 1, 96):
        with hinting(RAISED_HINT, errors=True), hinting(BATCH_HINT):
            pictures = module(draw_noise(rng, batch_size, 100)).tensor((batch_size, 1, 28, 28))
        expect(bool(pictures.isfinite().all()), "some pixels are NaN or infinite")
        expect(
            batch_size == 1 or not torch.equal(pictures[0], pictures[1]),
            "different noise gave the same picture",
            "Does forward use the noise it is given?",
        )
    strong = module(1e3 * draw_noise(rng, 5, 100)).tensor((5, 1, 28, 28))
    expect(bool((strong.abs() <= 1).all()), "strong noise gave pixels outside of [-1, 1], or NaN", TANH_HINT)


@pytest.mark.points(2)
def test_parameter_count(submission, rng):
    """The network has 114,064 parameters"""
    module = submission.build(NAME)
    module(draw_noise(rng, 2, 100))  # lazy layers get their parameters here
    expect_equal(count(module), 114_064, "number of parameters", mistakes=COUNT_MISTAKES, shown=True)


@pytest.mark.points(1)
def test_arguments_set_the_sizes(submission, rng):
    """noise_dim and hidden_dim set the sizes of the layers"""
    for noise_dim, hidden_dim in ((3, 11), (8, 2)):
        for module in (
            submission.build(NAME, noise_dim, hidden_dim),
            submission.build(NAME, hidden_dim=hidden_dim, noise_dim=noise_dim),
        ):
            module(draw_noise(rng, 4, noise_dim)).tensor((4, 1, 28, 28))
            expected = (noise_dim + 1) * hidden_dim + (hidden_dim + 1) * 784
            expect_equal(
                count(module),
                expected,
                f"number of parameters of Generator({noise_dim}, {hidden_dim})",
                mistakes={"Do you use hidden_dim, or a number in its place?": (noise_dim + 1) * 128 + 129 * 784},
                shown=True,
            )


@pytest.mark.points(3)
def test_values(matched, rng):
    """Given the same parameters, it draws the same pictures as the network of the text"""
    module, _, network = matched
    for train in (True, False, True):
        module.train() if train else module.eval()
        noise = draw_noise(rng, 6, network.into.in_features)
        got = module(noise).tensor((6, 1, 28, 28))
        with torch.no_grad():
            noise = noise.double()
            expect_close(
                got,
                network(noise),
                "pictures with the parameters of the reference",
                mistakes=mistaken_outputs(network, noise),
                hint="Is it Linear, LeakyReLU(0.01), Linear, tanh, in this order and nothing else?",
            )


@pytest.mark.points(2)
def test_gradients(matched, rng):
    """Gradients reach the noise and every parameter, and are right"""
    module, matching, network = matched
    for _ in range(2):
        noise = draw_noise(rng, 5, network.into.in_features)
        cotangent = torch.randn(5, 1, 28, 28, generator=rng)
        with hinting(LEARNS_HINT, errors=True), hinting(BATCH_HINT):
            _, (slope,), slopes = module.vjp(noise, wrt=(0,), cotangent=cotangent)
        leaf = noise.double().requires_grad_()
        names, parameters = zip(*network.named_parameters(), strict=True)
        wanted = torch.autograd.grad(network(leaf), (leaf, *parameters), cotangent.double())
        expect_gradient(slope, wanted[0], "gradient of the noise")
        found = matching.to_reference(slopes)
        for name, want in zip(names, wanted[1:], strict=True):
            layer = "first" if name.startswith("into") else "second"
            what = f"gradient of the {layer} layer's {name.split('.')[-1]}"
            expect(name in found, f"{what} is missing", GRADIENT_HINT)
            expect_gradient(found[name], want, what)
