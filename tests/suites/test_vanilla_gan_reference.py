"""The hidden reference of the vanilla GAN against the notebook's solution, on random input."""

import pytest
import torch
from torch import nn

from autograder.suites.vanilla_gan import follow_through, reference
from tests.suites.solutions import assert_close, load_solution


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(3)


def draw_logits(rng, count, scale=2.0):
    logits = scale * torch.randn(count, generator=rng)
    return logits + 0.01 * logits.sign()


def gradient(loss, *logits):
    leaves = [part.clone().requires_grad_() for part in logits]
    return torch.autograd.grad(loss(*leaves), leaves)


@pytest.mark.parametrize("count", [1, 5, 96])
@pytest.mark.parametrize("scale", [2.0, 100.0, 3000.0])
def test_cross_entropy_agrees_in_value_and_gradient(rng, count, scale):
    logits, targets = draw_logits(rng, count, scale), torch.rand(count, generator=rng)
    own = load_solution("vanilla_gan")["bce_with_logits"]
    assert_close(own(logits, targets), reference.bce_with_logits(logits, targets))
    (slope,) = gradient(lambda s: own(s, targets), logits)
    assert_close(slope, reference.bce_gradient(logits, targets))


@pytest.mark.parametrize(("n", "m"), [(1, 1), (8, 8), (7, 3), (2, 96)])
def test_discriminator_loss_agrees_in_value_and_gradient(rng, n, m):
    real, fake = draw_logits(rng, n), draw_logits(rng, m)
    own = load_solution("vanilla_gan")["discriminator_loss"]
    assert_close(own(real, fake), reference.discriminator_loss(real, fake))
    slopes = gradient(own, real, fake)
    assert_close(torch.cat(slopes), follow_through.gradient(reference.discriminator_loss, real, fake))


@pytest.mark.parametrize("name", ["minimax_generator_loss", "generator_loss"])
@pytest.mark.parametrize("scale", [2.0, 3000.0])
def test_generator_losses_agree_in_value_and_gradient(rng, name, scale):
    logits, own, ours = draw_logits(rng, 9, scale), load_solution("vanilla_gan")[name], getattr(reference, name)
    assert_close(own(logits), ours(logits))
    assert_close(gradient(own, logits)[0], gradient(ours, logits.double())[0])


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_saturation_agrees_and_is_the_slope_of_both_losses(rng, scale):
    logits = draw_logits(rng, 12, scale)
    ours = reference.saturation(logits)
    for got, want in zip(load_solution("vanilla_gan")["saturation"](logits), ours, strict=True):
        assert_close(got, want)
    for loss, slopes in zip((reference.minimax_generator_loss, reference.generator_loss), ours, strict=True):
        assert_close(gradient(loss, logits.double())[0] * len(logits), slopes)


def test_saturation_has_the_figures_of_the_lecture():
    probs = torch.tensor([0.5, 1e-2, 1e-4, 1e-6], dtype=torch.float64)
    minimax, non_saturating = reference.saturation(probs.log() - (-probs).log1p())
    assert_close(minimax, -probs)
    assert_close(non_saturating, probs - 1)


@pytest.mark.parametrize(
    ("name", "sizes", "shape", "parameters"),
    [("Generator", (6, 9), (6,), 114_064), ("Discriminator", (9,), (1, 28, 28), 100_609)],
)
def test_networks_agree_on_the_same_parameters(rng, name, sizes, shape, parameters):
    ours, theirs = getattr(reference, name), load_solution("vanilla_gan")[name]
    assert sum(p.numel() for p in ours().parameters()) == sum(p.numel() for p in theirs().parameters()) == parameters
    network, own = reference.redraw(ours(*sizes), rng), theirs(*sizes)
    with torch.no_grad():
        for mine, parameter in zip(own.parameters(), network.parameters(), strict=True):
            mine.copy_(parameter)
        inputs = torch.randn(5, *shape, generator=rng)
        assert_close(own(inputs), network(inputs))


class Players:
    """The linear players as modules of the notebook's side and as dictionaries of the reference's."""

    def __init__(self, rng, normalised=False):
        draw = {"generator": torch.randn(9, 4, generator=rng), "discriminator": torch.randn(1, 9, generator=rng)}
        layers = nn.Linear(4, 9), nn.Linear(9, 1)
        with torch.no_grad():
            for layer, weight in zip(layers, draw.values(), strict=True):
                layer.weight.copy_(weight)
        self.generator = nn.Sequential(layers[0], nn.Unflatten(1, (1, 3, 3)))
        norm = [nn.BatchNorm1d(9)] if normalised else []
        self.discriminator = nn.Sequential(nn.Flatten(), *norm, layers[1], nn.Flatten(0))
        self.layers, self.norm = layers, norm

    def parameters(self):
        generator, discriminator = self.layers
        found = (
            {"weight": generator.weight.detach().clone(), "bias": generator.bias.detach().clone()},
            {"weight": discriminator.weight.detach()[0].clone(), "bias": discriminator.bias.detach()[0].clone()},
        )
        for norm in self.norm:
            found[1].update({"norm.weight": norm.weight.detach().clone(), "norm.bias": norm.bias.detach().clone()})
        return found


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize("who", ["discriminator", "generator"])
def test_steps_agree_under_gradient_descent(rng, normalised, who):
    players = Players(rng, normalised)
    real, noise = torch.randn(6, 1, 3, 3, generator=rng), torch.randn(5, 4, generator=rng)
    before = players.parameters()
    index = 0 if who == "generator" else 1
    optimizer = torch.optim.SGD(getattr(players, who).parameters(), lr=0.1)
    if who == "generator":
        loss = load_solution("vanilla_gan")["generator_step"](
            players.generator, players.discriminator, optimizer, noise
        )
        step = reference.generator_step(*before, noise)
    else:
        loss = load_solution("vanilla_gan")["discriminator_step"](
            players.generator, players.discriminator, optimizer, real, noise
        )
        step = reference.discriminator_step(*before, real, noise)
    assert_close(loss, step.loss)
    after = players.parameters()
    for name, slope in step.gradients.items():
        assert_close(after[index][name] - before[index][name], -0.1 * slope, tolerance=1e-4)  # a small difference
    assert all(torch.equal(after[1 - index][name], value) for name, value in before[1 - index].items())


@pytest.mark.parametrize("follow", [reference.discriminator_loss, lambda r, f: reference.discriminator_loss(r, f)])
def test_closed_form_of_a_step_equals_autograd(rng, follow):
    """A function that is not the reference's own goes through autograd."""
    generator, discriminator = Players(rng).parameters()
    real, noise = torch.randn(6, 1, 3, 3, generator=rng), torch.randn(5, 4, generator=rng)
    step = reference.discriminator_step(generator, discriminator, real, noise, follow)
    leaves = {name: value.double().requires_grad_() for name, value in discriminator.items()}
    fake = reference.linear_images(generator, noise)
    loss = reference.discriminator_loss(reference.linear_logits(leaves, real), reference.linear_logits(leaves, fake))
    for name, slope in zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True):
        assert_close(step.gradients[name], slope)


@pytest.mark.parametrize("discriminator_steps", [1, 3])
@pytest.mark.parametrize("settings", [{}, {"learning_rate": 0.05, "betas": (0.3, 0.9)}])
def test_training_agrees_when_it_gets_the_same_noise(rng, discriminator_steps, settings):
    players = Players(rng)
    before = players.parameters()
    batches = [torch.randn(size, 1, 3, 3, generator=rng) for size in (4, 6, 3)]
    drawn = []
    players.generator.register_forward_pre_hook(lambda _, inputs: drawn.append(inputs[0].clone()))
    history = load_solution("vanilla_gan")["train"](
        *(players.generator, players.discriminator, batches),
        noise_dim=4,
        epochs=2,
        discriminator_steps=discriminator_steps,
        rng=rng,
        **settings,
    )
    each = discriminator_steps + 1
    rows = [drawn[start : start + each] for start in range(0, len(drawn), each)]
    noises = [reference.Noise(tuple(row[:-1]), row[-1]) for row in rows]
    trajectory = reference.train(*before, batches * 2, noises, **settings)
    assert_close(history["generator"], trajectory.generator_losses, tolerance=1e-4)
    assert_close(history["discriminator"], trajectory.discriminator_losses, tolerance=1e-4)
    for after, start, right in zip(
        players.parameters(), before, (trajectory.generator, trajectory.discriminator), strict=True
    ):
        for name, value in right.items():
            assert_close(after[name] - start[name], value - start[name].double(), tolerance=1e-3)  # Adam, float32


@pytest.mark.parametrize(("weight_decay", "decoupled"), [(1e-5, False), (0.1, False), (0.1, True)])
def test_adam_is_that_of_pytorch(rng, weight_decay, decoupled):
    start = torch.randn(7, generator=rng, dtype=torch.float64)
    parameter = nn.Parameter(start.clone())
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    theirs = kind([parameter], lr=0.02, betas=(0.5, 0.9), weight_decay=weight_decay)
    ours, values = reference.Adam(0.02, (0.5, 0.9), weight_decay, decoupled=decoupled), {"x": start}
    for _ in range(5):
        gradient = torch.randn(7, generator=rng, dtype=torch.float64)
        parameter.grad = gradient.clone()
        theirs.step()
        values = ours.update(values, {"x": gradient})
    assert_close(values["x"], parameter.detach(), tolerance=1e-9)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_best_samples_agree(rng, count):
    players = Players(rng)
    noise = torch.randn(9, 4, generator=rng)
    generator, discriminator = players.parameters()
    images = reference.linear_images(generator, noise)
    logits = reference.linear_logits(discriminator, images)
    want = load_solution("vanilla_gan")["best_samples"](players.generator, players.discriminator, noise, count)
    assert_close(reference.best_samples(images.unflatten(1, (1, 3, 3)), logits, count), want)
