"""Hidden tests of Discriminator."""

import copy

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.vanilla_gan import reference
from autograder.suites.vanilla_gan.layouts import copy_parameters

NAME = "Discriminator"
HIDDEN_DIM = 6
SHAPE_HINT = (
    "Is the result (n,), not (n, 1)? A plain squeeze() removes every dimension of size one, the batch of one too."
)
LIST_HINT = "Does parameters() list both layers? In a plain Python list they are hidden, in nn.ModuleList they are not."
LEARNS_HINT = "Can every parameter learn, and is nothing in forward detached or under no_grad?"
GRADIENT_HINT = "Did you detach something in forward?"
COUNT_MISTAKES = {
    LIST_HINT: 0,
    "Do both linear layers have a bias?": 100_609 - 128 - 1,
    "Does the first linear layer have a bias?": 100_609 - 128,
    "Does the last linear layer have a bias?": 100_609 - 1,
    "Is there one layer more than asked for, or batch normalisation?": 100_609 + 2 * 128,
    "Does it give one logit, or one for each of two classes?": 100_609 + 129,
}


def count(module):
    """Counted over the tensors themselves, shared ones once."""
    return sum(parameter.numel() for parameter in module.parameters().values())


def draw_images(rng, batch_size):
    return torch.randn(batch_size, 1, 28, 28, generator=rng)


def mistaken_outputs(network, images):
    def variation(**changes):
        return lambda: network.variation(images, **changes)

    return {
        "Does the network give a logit or a probability? Leave the sigmoid to the loss.": variation(
            output=torch.sigmoid
        ),
        "Is there a tanh at the end? A logit is unbounded.": variation(output=torch.tanh),
        "Is there an activation after the last layer? A logit is unbounded.": variation(output=torch.relu),
        "Is there a LeakyReLU after the last layer?": variation(output=lambda x: torch.where(x > 0, x, 0.01 * x)),
        "Is it a probability's logarithm? Leave the sigmoid to the loss.": variation(
            output=lambda x: x.sigmoid().log()
        ),
        "Did you use ReLU where LeakyReLU belongs?": variation(slope=0.0),
        "Is the slope of LeakyReLU 0.01 or something else?": variation(slope=0.2),
        "Is there an activation between the two linear layers? (LeakyReLU(True) has slope 1.)": variation(slope=1.0),
    }


def expect_gradient(got, want, what):
    expect_close(got, want, what, forward=False, mistakes={GRADIENT_HINT: 0 * want})


@pytest.fixture
def matched(submission, rng):
    """A student's discriminator with the reference's parameters: (module, matching, reference in float64)."""
    try:
        return match(submission, rng, (HIDDEN_DIM,))
    except WrongAnswer as wrong:
        try:  # an argument that is not used has a test of its own
            return match(submission, rng, ())
        except WrongAnswer:
            raise wrong from None


def match(submission, rng, sizes):
    network = reference.redraw(reference.Discriminator(*sizes), rng, scale=0.2)
    with torch.no_grad():  # logits of both signs, or an activation behind the last layer could hide
        network.out.bias -= network(draw_images(rng, 40)).mean()
    module = submission.build(NAME, *sizes)
    images = draw_images(rng, 3)
    module(images)  # lazy layers get their parameters here
    matching = copy_parameters(module, network, images)
    return module, matching, copy.deepcopy(network).double()


@pytest.mark.points(2)
def test_batch_sizes(submission, rng):
    """Logits are (n,), for any number of pictures, a single one too"""
    module = submission.build(NAME)
    for batch_size, training in ((5, True), (1, True), (96, True), (1, False)):
        module.train() if training else module.eval()
        with hinting(SHAPE_HINT):
            logits = module(draw_images(rng, batch_size)).tensor((batch_size,))
        expect(bool(logits.isfinite().all()), "some logits are NaN or infinite")
        expect(
            batch_size == 1 or bool((logits != logits[0]).any()),
            "different pictures got the same logit",
            "Does forward use the pictures it is given?",
        )


@pytest.mark.points(2)
def test_parameter_count(submission, rng):
    """The network has 100,609 parameters"""
    module = submission.build(NAME)
    module(draw_images(rng, 2))  # lazy layers get their parameters here
    expect_equal(count(module), 100_609, "number of parameters", mistakes=COUNT_MISTAKES, shown=True)


@pytest.mark.points(1)
def test_argument_sets_the_size(submission, rng):
    """hidden_dim sets the size of the hidden layer"""
    for hidden_dim in (3, 10):
        for module in (submission.build(NAME, hidden_dim), submission.build(NAME, hidden_dim=hidden_dim)):
            module(draw_images(rng, 4))
            expect_equal(
                count(module),
                785 * hidden_dim + hidden_dim + 1,
                f"number of parameters of Discriminator({hidden_dim})",
                mistakes={"Do you use hidden_dim, or a number in its place?": 100_609},
                shown=True,
            )


@pytest.mark.points(3)
def test_values(matched, rng):
    """Given the same parameters, it gives the same logits as the network of the text"""
    module, _, network = matched
    for train, contrast in ((True, 1.0), (False, 1.0), (True, 30.0)):  # strong pictures: a logit has no bounds
        module.train() if train else module.eval()
        images = contrast * draw_images(rng, 12)
        with hinting(SHAPE_HINT):
            got = module(images).tensor((12,))
        with torch.no_grad():
            images = images.double()
            expect_close(
                got,
                network(images),
                "logits with the parameters of the reference",
                mistakes=mistaken_outputs(network, images),
                hint="Is it Linear, LeakyReLU(0.01), Linear, in this order and nothing else?",
            )


@pytest.mark.points(2)
def test_gradients(matched, rng):
    """Gradients reach the pictures and every parameter, and are right"""
    module, matching, network = matched
    for _ in range(2):
        images, cotangent = draw_images(rng, 5), torch.randn(5, generator=rng)
        with hinting(LEARNS_HINT, errors=True), hinting(SHAPE_HINT):
            _, (slope,), slopes = module.vjp(images, wrt=(0,), cotangent=cotangent)
        leaf = images.double().requires_grad_()
        names, parameters = zip(*network.named_parameters(), strict=True)
        wanted = torch.autograd.grad(network(leaf), (leaf, *parameters), cotangent.double())
        expect_gradient(slope, wanted[0], "gradient of the pictures")
        found = matching.to_reference(slopes)
        for name, want in zip(names, wanted[1:], strict=True):
            layer = "first" if name.startswith("into") else "last"
            what = f"gradient of the {layer} layer's {name.split('.')[-1]}"
            expect(name in found, f"{what} is missing", GRADIENT_HINT)
            expect_gradient(found[name], want, what)
