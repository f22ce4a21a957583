"""Hidden tests of clip_weights."""

import pytest
import torch

from autograder.compare import expect, expect_close

NAME = "clip_weights"
PLACE_HINT = "Are the parameters changed where they are? An optimizer keeps the ones it was given."


def build(submission, rng):
    """A network with nested parts, biases, batch norm and numbers far beyond any limit; and its parameters."""
    inner = submission.layer("Sequential", ("Linear", 5, 4), ("BatchNorm1d", 3), ("PReLU", 3))
    network = submission.layer("Sequential", ("Conv1d", 2, 3, 2), inner, ("Linear", 4, 1))
    draws = {
        name: 2 * torch.randn(value.shape, generator=rng)
        for name, value in {**network.parameters(), **network.buffers()}.items()
        if value.is_floating_point()
    }
    expect("1.1.running_var" in draws, "the network has other buffers than it was made with")
    draws["1.1.running_var"] = 1 + draws["1.1.running_var"].abs()
    network.load(draws)
    return network, {name: value for name, value in draws.items() if "running" not in name}


def expect_clipped(network, start, limit, hint=""):
    """WrongAnswer unless every parameter is what it was, pressed into the limits."""
    found = network.parameters()
    kinds, before = ({name: (v.shape, v.dtype) for name, v in values.items()} for values in (found, start))
    expect(kinds == before, "the module has other parameters than before, by name, shape or type", PLACE_HINT)
    got, was = (torch.cat([values[name].flatten() for name in start]) for values in (found, start))

    def clipped(chosen):
        """What comes of clipping only the parameters with such names."""
        return torch.cat([(v.clamp(-limit, limit) if chosen(name) else v).flatten() for name, v in start.items()])

    want = torch.minimum(torch.maximum(was, torch.tensor(-limit)), torch.tensor(limit))
    known = {
        "Did anything change at all? An operation that is not in place makes a new tensor.": was,
        "Are parameters limited from below, too?": was.clamp(max=limit),
        "Are parameters limited from above, too?": was.clamp(min=-limit),
        "Are biases parameters, too?": clipped(lambda name: "weight" in name),
        "Are parameters of all parts of the module clipped, parts of parts as well?": clipped(
            lambda name: name.count(".") == 1
        ),
        "Is the limit used that is given?": was.clamp(-0.01, 0.01),
        "Is every parameter clipped, whatever its layer, its shape or its name?": clipped(
            lambda name: not torch.equal(found[name], start[name])
        ),
        "Are negative numbers kept?": was.clamp(0, limit),
        "Are negative numbers still negative?": was.abs().clamp(max=limit),
        "Do parameters within the limits stay as they are?": limit * was.sign(),
        "Do numbers beyond the limit go to the limit?": torch.where(was.abs() > limit, 0 * was, was),
        "Are parameters clipped one by one, or scaled together?": torch.cat(
            [(value * (limit / value.abs().max().clamp(min=limit))).flatten() for value in start.values()]
        ),
        "Are parameters clipped, or bent towards the limit?": limit * (was / limit).tanh(),
    }
    expect_close(got, want, f"parameters clipped to a limit of {limit:g}", mistakes=known, hint=hint)


@pytest.mark.points(2)
def test_clipped(submission, rng):
    """Every parameter is pressed into the limits, in all parts of the module, and others stay"""
    for limit in (0.7, 0.2, 1.5):
        network, start = build(submission, rng)
        submission.call(NAME, network, limit)
        expect_clipped(network, start, limit)
    layer = submission.layer("GRUCell", 2, 3)  # a module without parts, whose parameters have names of their own
    start = {name: 2 * torch.randn(value.shape, generator=rng) for name, value in layer.parameters().items()}
    layer.load(start)
    submission.call(NAME, layer, 0.5)
    found = layer.parameters()
    for name, value in start.items():
        hint = "Are the module's own parameters clipped, by any name, as those of its parts?"
        expect_close(found[name], value.clamp(-0.5, 0.5), f"the {name} of a layer", hint=hint)


@pytest.mark.points(1)
def test_default(submission, rng):
    """Without a limit, it is 0.01"""
    network, start = build(submission, rng)
    small = {name: 0.06 * value for name, value in start.items()}
    network.load(small)
    submission.call(NAME, network)
    expect_clipped(network, small, 0.01, "Which limit holds where none is given? And is every parameter clipped?")


@pytest.mark.points(1)
def test_in_place(submission, rng):
    """An optimizer made before still trains the module"""
    network, _ = build(submission, rng)
    optimizer = submission.optimizer("SGD", network, lr=1.0)
    submission.call(NAME, network, limit=0.5)
    clipped = network.parameters()
    network.fill_gradients(0.25)
    optimizer.method("step")
    for name, value in network.parameters().items():
        expect_close(value, clipped[name] - 0.25, f"{name} after a step of an older optimizer", hint=PLACE_HINT)


@pytest.mark.points(1)
def test_still_trained(submission, rng):
    """Parameters ask for gradients as they did before, and keep those they have; the mode stays"""
    network, start = build(submission, rng)
    network.fill_gradients(3.0)
    submission.call(NAME, network, 0.4)
    expect_clipped(network, start, 0.4)
    expect(
        all(network.requires_grad_flags().values()),
        "some parameters can no longer be trained",
        "Is requires_grad as it was?",
    )
    expect(all(network.modes().values()), "the module is in another mode than before", "Clipping needs no eval mode.")
    gradients = network.gradients().values()
    expect(
        all(gradient is not None and bool((gradient == 3.0).all()) for gradient in gradients),
        "the gradients were changed",
        "Weights are clipped, not gradients: what stands in .grad is left alone.",
    )
    _, _, slopes = network.vjp(torch.randn(6, 2, 6, generator=rng), cotangent=torch.ones(6, 3, 1))
    expect(any(bool(slope.any()) for slope in slopes.values()), "no gradient reaches the parameters any more")
    network.freeze()
    network.eval()
    submission.call(NAME, network, 0.3)
    expect_clipped(network, start, 0.3, "Are frozen parameters left out? Every parameter is clipped.")
    expect(
        not any(network.requires_grad_flags().values()),
        "frozen parameters ask for gradients",
        "Is requires_grad as it was?",
    )
    expect(not any(network.modes().values()), "the module is in another mode than before", "Is the mode as it was?")


@pytest.mark.points(1)
def test_buffers(submission, rng):
    """Buffers, such as batch norm's running statistics, are no parameters"""
    network, start = build(submission, rng)
    before = network.buffers()
    submission.call(NAME, network, 0.25)
    expect_clipped(network, start, 0.25)
    for name, value in network.buffers().items():
        expect(
            name in before and torch.equal(value, before[name]),
            f"the tensor {name} was changed",
            "Which tensors of a module are parameters, and which are buffers?",
        )
