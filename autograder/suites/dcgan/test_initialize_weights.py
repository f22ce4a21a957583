"""Hidden tests of initialize_weights."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting

NAME = "initialize_weights"
DEVIATION = 0.02
FILLED = 5.0  # stands in the weights before
ERRORS = 6  # standard errors: one right submission in 10^8 lies beyond
MOMENTS_HINTS = {
    "variance": "0.02 is the standard deviation, not the variance.",
    "square": "0.02 is the standard deviation; did you square it?",
}


def apply(submission, network):
    with hinting("Does it work with network.apply, for every layer there is?", errors=True):
        network.method("apply", submission.entry(NAME))


def expect_normal(values, mean, what):
    """Mean, spread and shape of a normal distribution."""
    values, count = values.double().flatten(), values.numel()
    expect(count > 0, f"{what}: expected as many as before, got none")
    expect(bool(values.isfinite().all()), f"{what}: some are NaN or infinite")
    got, spread = float(values.mean()), float(values.std())
    off = abs(got - mean)
    hint = "Around which number do weights of batch norm lie? They multiply." if mean else "Is their mean 0?"
    if bool((values == FILLED).all()):
        hint = "They are what they were. Is this kind of layer set, when it is the one that is handed over?"
    expect(off < max(ERRORS * DEVIATION / count**0.5, 1e-6), f"{what}: their mean is {got:.4f}", hint)
    ratio = spread / DEVIATION
    if abs(ratio - DEVIATION**-0.5) < 0.3:
        hint = MOMENTS_HINTS["variance"]
    elif abs(ratio - DEVIATION) < 0.01:
        hint = MOMENTS_HINTS["square"]
    else:
        hint = "Which standard deviation does the text ask for? Is every one of them set anew?"
    expect(abs(ratio - 1) < ERRORS / (2 * count) ** 0.5, f"{what}: their standard deviation is {spread:.4f}", hint)
    fourth = float(((values - got) / spread).pow(4).mean())
    expect(
        abs(fourth - 3) < ERRORS * (24 / count) ** 0.5 + 0.05,
        f"{what}: mean and spread are right, but they are not normally distributed",
        "Is it nn.init.normal_, or a uniform distribution of that spread?",
    )


def fill(module, value):
    """Constants in place of what PyTorch has drawn: whatever stands there later was set by the student."""
    module.load({name: torch.full_like(tensor, value) for name, tensor in module.parameters().items()})
    return module


@pytest.mark.points(2)
def test_convolutions(submission, rng):
    """Weights of convolutions are drawn from N(0, 0.02)"""
    layer = fill(submission.layer("Conv2d", 32, 64, 4), FILLED)
    submission.call(NAME, layer)  # without apply
    expect_normal(layer.parameters()["weight"], 0.0, "weights of Conv2d")
    network = submission.layer(
        "Sequential", layer, submission.layer("Sequential", submission.layer("Conv2d", 64, 32, 4))
    )
    apply(submission, fill(network, FILLED))
    found = network.parameters()
    first, second = found["0.weight"], found["1.0.weight"]
    for weights in (first, second):
        expect_normal(weights, 0.0, "weights of Conv2d")
    same = torch.equal(first.flatten(), second.flatten())
    expect(not same, "two layers have the same weights", "Did you seed a generator inside the function?")


@pytest.mark.points(1)
def test_transposed_convolutions(submission, rng):
    """Weights of transposed convolutions are drawn from N(0, 0.02)"""
    network = submission.layer("Sequential", submission.layer("ConvTranspose2d", 64, 32, 4))
    apply(submission, fill(network, FILLED))
    expect_normal(network.parameters()["0.weight"], 0.0, "weights of ConvTranspose2d")


@pytest.mark.points(2)
def test_batch_norm(submission, rng):
    """Weights of batch norm are drawn from N(1, 0.02)"""
    for channels in (20_000, 30_000):
        network = submission.layer("Sequential", submission.layer("BatchNorm2d", channels))
        apply(submission, fill(network, FILLED))
        expect_normal(network.parameters()["0.weight"], 1.0, "weights of BatchNorm2d")


@pytest.mark.points(1)
def test_biases(submission, rng):
    """Biases of convolutions and of batch norm are 0"""
    layers = [
        submission.layer("Conv2d", 2, 5, 3),
        submission.layer("ConvTranspose2d", 3, 4, 2),
        submission.layer("BatchNorm2d", 6),
    ]
    network = submission.layer("Sequential", *layers)
    apply(submission, fill(network, 3.0))
    for index, kind in enumerate(("Conv2d", "ConvTranspose2d", "BatchNorm2d")):
        bias = network.parameters()[f"{index}.bias"]
        expect(not bias.any(), f"the bias of {kind} is not 0", "Is the bias set, too, for every kind of layer?")
    expect(all(network.requires_grad_flags().values()), "a parameter is frozen now", "Does it change flags?")


@pytest.mark.points(1)
def test_other_layers(submission, rng):
    """Every other layer stays as it is"""
    layers = [
        submission.layer("Linear", 4, 3),
        submission.layer("GroupNorm", 2, 4),
        submission.layer("LayerNorm", 5),
        submission.layer("Embedding", 3, 4),
        submission.layer("InstanceNorm2d", 4, affine=True),
        submission.layer("PReLU", 3),
        submission.layer("ReLU"),
    ]
    convolution, norm = submission.layer("Conv2d", 8, 8, 4), submission.layer("BatchNorm2d", 3)
    network = submission.layer("Sequential", *layers, convolution, norm)
    before = {name: torch.randn(value.shape, generator=rng) for name, value in network.parameters().items()}
    network.load(before)
    statistics = network.buffers()
    apply(submission, network)
    after = network.parameters()
    weight = f"{len(layers)}.weight"
    changed = not torch.equal(after[weight], before[weight])
    expect(changed, "the weights of Conv2d are as they were", "Does the function change the layer in place?")
    for name, value in before.items():
        index = int(name.partition(".")[0])
        if index < len(layers):
            kind = layers[index].place
            expect(torch.equal(after[name], value), f"{kind} was changed", "Which layers does the text name?")
    for name, value in network.buffers().items():
        hint = "Running statistics are no weights: do they stay as they are?"
        expect(torch.equal(value, statistics[name]), "the running statistics of BatchNorm2d were changed", hint)


@pytest.mark.points(1)
def test_without_bias_or_affine(submission, rng):
    """Layers without a bias, and batch norm without weights, are no trouble"""
    network = submission.layer(
        "Sequential",
        submission.layer("Conv2d", 8, 64, 4, bias=False),
        submission.layer("BatchNorm2d", 4, affine=False),
        submission.layer("ConvTranspose2d", 64, 8, 4, bias=False),
    )
    names = list(network.parameters())
    with hinting("What is module.bias where there is none? And batch norm's weight without affine?", errors=True):
        network.method("apply", submission.entry(NAME))
    expect_equal(list(network.parameters()), names, "names of the parameters", hint="Did you give a layer a new bias?")
    for name in names:
        expect_normal(network.parameters()[name], 0.0, "weights of layers without a bias")
