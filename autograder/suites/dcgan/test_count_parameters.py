"""Hidden tests of count_parameters."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.suites.dcgan.sizes import draw, expect_whole

NAME = "count_parameters"
SHARED_HINT = "Does a parameter that two layers share count once?"
FROZEN_HINT = "Which parameters are frozen? Their requires_grad says it."
BUFFER_HINT = "Are running statistics parameters? They are buffers: nothing learns them."


def ask(submission, module, **options):
    with hinting("Does it return one whole number?"):
        return submission.call(NAME, module, **options).integer()


@pytest.mark.points(1)
def test_layers_of_all_kinds(submission, rng):
    """Weights and biases of all layers are counted, however deep they stand"""
    a, b, c = (draw(rng, 2, 9) for _ in range(3))
    convolution, upward = submission.layer("Conv2d", a, b, 3), submission.layer("ConvTranspose2d", b, c, 4, bias=False)
    linear = submission.layer("Linear", c, a)
    sizes = (a * b * 9 + b, b * c * 16, c * a + a)
    inner = submission.layer("Sequential", submission.layer("ReLU"), upward, submission.layer("Sequential", linear))
    network = submission.layer("Sequential", convolution, inner)
    mistakes = {
        "Are layers inside of layers counted?": sizes[0],
        "Are layers inside of the module counted?": 0,
        "Are biases counted?": sum(sizes) - b - a,
        "How many numbers are there in a tensor? Its length along one dimension is not enough.": 2 * a + 3 * b,
        "Do you count tensors, or the numbers in them?": 5,
    }
    for trainable_only in (True, False):
        got = ask(submission, network, trainable_only=trainable_only)
        expect_equal(got, sum(sizes), "parameters of a nested network", mistakes=mistakes)
    for layer, size in ((convolution, sizes[0]), (upward, sizes[1])):
        expect_equal(ask(submission, layer), size, "parameters of a single layer", mistakes={"Biases, too?": size - b})
    scalar = submission.layer("ParameterList", [torch.tensor(1.0), torch.zeros(a)])
    expect_equal(ask(submission, scalar), 1 + a, "parameters, one of them a single number")


@pytest.mark.points(1)
def test_buffers_and_no_parameters(submission, rng):
    """Buffers never count, a module without parameters has none, and the count is an int"""
    a = draw(rng, 2, 9)
    norm = submission.layer("BatchNorm2d", a)
    bare = submission.layer("BatchNorm2d", a, affine=False)
    network = submission.layer("Sequential", norm, bare, submission.layer("ReLU"))
    for trainable_only in (True, False):
        for module, size, what in (
            (network, 2 * a, "parameters of batch norms"),
            (bare, 0, "parameters of batch norm without weight and bias"),
            (submission.layer("ReLU"), 0, "parameters of a ReLU"),
        ):
            answer = submission.call(NAME, module, trainable_only=trainable_only)
            mistakes = {BUFFER_HINT: size + (2 * a + 1) * (1 + (size > 0)), "Does it add up from 0?": 1}
            expect_equal(answer.integer(), size, what, mistakes=mistakes)
            expect_whole(answer, NAME, "Is it an int?")


@pytest.mark.points(1)
def test_shared_parameters(submission, rng):
    """Shared parameters count once"""
    a, b = draw(rng, 3, 9), draw(rng, 3, 9)
    shared, other = submission.layer("Linear", a, a), submission.layer("Linear", a, b)
    size, rest = a * a + a, a * b + b
    inner = submission.layer("Sequential", shared, other)
    for modules in ((shared, shared, other), (shared, inner), (inner, inner, shared)):
        network = submission.layer("Sequential", *modules)
        twice = {SHARED_HINT: 2 * size + rest, f"{SHARED_HINT} Twice?": 2 * (size + rest) + size}
        for trainable_only in (True, False):
            got = ask(submission, network, trainable_only=trainable_only)
            expect_equal(got, size + rest, "parameters of a network that uses a layer twice", mistakes=twice)
    one = submission.layer("ParameterList", [torch.zeros(a), torch.zeros(b, a), torch.zeros(a)])
    tied = submission.layer("ModuleList", [one, submission.layer("ParameterList", one)])
    total = 2 * a + a * b
    mistakes = {
        SHARED_HINT: 2 * total,
        "Are two parameters the same because they hold the same numbers?": a + a * b,
    }
    expect_equal(ask(submission, tied), total, "parameters of two modules with the same tensors", mistakes=mistakes)


@pytest.mark.points(2)
def test_trainable_only(submission, rng):
    """Frozen parameters count only where all are asked for; as a rule they do not"""
    a, b, c = (draw(rng, 2, 9) for _ in range(3))
    frozen, free = submission.layer("Conv2d", a, b, 3), submission.layer("Linear", b, c)
    network = submission.layer("Sequential", frozen, submission.layer("BatchNorm2d", b), free)
    frozen.freeze()
    ice, rest = a * b * 9 + b, 2 * b + b * c + c
    for options, want, mistaken in (
        ({}, rest, {"Are only trainable parameters counted if nothing is said?": ice + rest}),
        ({"trainable_only": True}, rest, {FROZEN_HINT: ice + rest}),
        ({"trainable_only": False}, ice + rest, {"Does trainable_only=False count all of them?": rest}),
    ):
        mistakes = {**mistaken, "Are those the frozen ones instead of the rest?": ice}
        expect_equal(ask(submission, network, **options), want, "parameters, some frozen", mistakes=mistakes)
    with hinting("trainable_only is the second argument."):
        positional = submission.call(NAME, network, False).integer()
    expect_equal(positional, ice + rest, "parameters, all asked for", mistakes={FROZEN_HINT: rest})
    network.freeze()
    expect_equal(ask(submission, network), 0, "trainable parameters, all frozen", mistakes={FROZEN_HINT: ice + rest})
    network.freeze(False)
    expect_equal(ask(submission, network), ice + rest, "parameters, none frozen any more")


@pytest.mark.points(1)
def test_nothing_changes(submission, rng):
    """Counting leaves the module as it is"""
    layer = submission.layer("Sequential", submission.layer("Linear", 3, 2), submission.layer("BatchNorm2d", 4)).eval()
    frozen = submission.layer("Linear", draw(rng, 2, 6), 2).freeze()
    network = submission.layer("Sequential", layer, frozen)
    before = network.requires_grad_flags(), network.modes(), network.parameters()
    ask(submission, network)
    _, counted = (ask(submission, network, trainable_only=flag) for flag in (False, True))
    after = network.requires_grad_flags(), network.modes(), network.parameters()
    hint = "Does counting change a mode or a flag?"
    expect_equal(list(after[0].items()), list(before[0].items()), "requires_grad after counting", hint=hint)
    expect_equal(list(after[1].items()), list(before[1].items()), "the modes after counting", hint=hint)
    for name, value in before[2].items():
        expect(torch.equal(after[2][name], value), "counting changed the parameters", hint)
    expect_equal(counted, 16, "trainable parameters")
    got, hint = ask(submission, network.eval()), "Does the mode play a part? Parameters are the same in both."
    expect_equal(got, 16, "trainable parameters in evaluation mode", hint=hint)
