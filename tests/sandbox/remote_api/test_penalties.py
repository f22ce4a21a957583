"""Functions of a network over the wall: penalties differentiated a second time, weights changed in place."""

import pytest
import torch

from autograder.compare import expect, expect_close


def check_gradient_penalty(submission):
    """The mixed points are taken from what the critic was called with; penalty and its slope then follow on paper."""
    rng = torch.Generator().manual_seed(3)
    scale = torch.tensor(0.7)
    for shape, column in (((5, 3), False), ((6, 2, 2, 2), True), ((1, 4), False)):
        real, fake = torch.randn(shape, generator=rng), torch.randn(shape, generator=rng)
        critic = submission.probe("QuadraticCritic", scale, column)
        penalty, _, slopes = submission.vjp(
            "gradient_penalty", critic, real, fake, of=critic, rng=submission.rng(4), target=0.5
        )
        mixed = torch.cat([call.inputs[0].tensor((None, *shape[1:])) for call in critic.calls()])
        expect(mixed.shape == real.shape, "points of the wrong shape")
        alpha = ((mixed - fake) / (real - fake)).flatten(1)
        expect(bool(((alpha >= -1e-3) & (alpha <= 1 + 1e-3)).all()), "points off the line between real and fake")
        expect(bool((alpha - alpha[:, :1]).abs().max() < 1e-2), "several α in one sample")
        expect(len(real) == 1 or bool((alpha - alpha[0]).abs().max() > 1e-2), "one α for all samples")
        norms = mixed.flatten(1).norm(dim=1)
        expect_close(penalty, (scale * norms - 0.5).square().mean(), "the penalty", forward=False)
        want = (2 * (scale * norms - 0.5) * norms).mean()
        expect_close(slopes["scale"], want, "the penalty's gradient in the critic", forward=False)
    weight = torch.tensor([0.0, 3.0, 4.0])
    critic = submission.probe("LinearDiscriminator", weight, torch.tensor(1.0))
    penalty, _, slopes = submission.vjp("gradient_penalty", critic, real[:, :3], fake[:, :3], of=critic)
    expect_close(penalty, 16.0, "the penalty of a linear critic")
    expect_close(slopes["weight"], 8 * weight / 5, "its gradient", forward=False)
    constant = submission.probe("LinearDiscriminator", 0 * weight, torch.tensor(0.0))
    got = submission.call("gradient_penalty", constant, real[:, :3], fake[:, :3]).tensor(())
    expect_close(got, 1.0, "the penalty of a constant critic")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("create_graph=True", "retain_graph=True", "gradient in the critic"),
        ("gradient.flatten(1).norm", "gradient.norm", "penalty"),
        ("(alpha * real + (1 - alpha) * fake)", "(real + 0 * alpha)", "one α"),
        ("len(real), *[1] * (real.dim() - 1)", "1", "one α"),
        ("len(real), *[1] * (real.dim() - 1)", "real.shape", "several α"),
        ("((norm - target) ** 2).mean()", "((norm - target).clamp(min=0) ** 2).mean()", "the penalty"),
        ("gradient.flatten(1).norm(dim=1)", "gradient.norm().expand(len(real))", "the penalty"),
        (
            "return ((norm - target) ** 2).mean()",
            "return ((norm - target) ** 2).mean().detach()",
            "gradient in the critic",
        ),
    ],
)
def test_penalties_are_differentiated_in_the_critics_parameters(verdict, old, new, message):
    said = verdict(check_gradient_penalty, "gan_losses", old, new)
    assert message in said if message else said == "", said


def check_clip_weights(submission):
    weight = torch.tensor([[-3.0, -0.1, 0.2, 0.7]])
    network = submission.layer("Sequential", submission.layer("Linear", 4, 1))
    network.load({"0.weight": weight, "0.bias": torch.tensor([2.0])})
    optimizer = submission.optimizer("SGD", network, lr=1.0)
    submission.call("clip_weights", network, 0.25)
    clipped = network.parameters()
    expect_close(clipped["0.weight"], torch.tensor([[-0.25, -0.1, 0.2, 0.25]]), "weights")
    expect_close(clipped["0.bias"], torch.tensor([0.25]), "bias")
    expect(all(network.requires_grad_flags().values()), "parameters that cannot be trained any more")
    network.fill_gradients(0.5)
    optimizer.method("step")
    expect_close(network.parameters()["0.bias"], torch.tensor([-0.25]), "what an older optimizer makes of the bias")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("clamp_(-limit, limit)", "clamp_(max=limit)", "weights"),
        ("in module.parameters():\n", "in [module[0].weight]:\n", "bias"),
        (
            "parameter.clamp_(-limit, limit)",
            "parameter.clamp_(-limit, limit).requires_grad_(False)",
            "trained any more",
        ),
        (
            "parameter.clamp_(-limit, limit)",
            "layer = module[0]\n            "
            "layer.weight, layer.bias = (torch.nn.Parameter(p.clamp(-limit, limit)) for p in module.parameters())",
            "older optimizer",
        ),
    ],
)
def test_weights_are_changed_in_place(verdict, old, new, message):
    said = verdict(check_clip_weights, "gan_losses", old, new)
    assert message in said if message else said == "", said
