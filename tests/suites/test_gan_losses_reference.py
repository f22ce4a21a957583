"""The hidden reference of the stable losses against the notebook's solution and the figures of the table."""

import math

import pytest
import torch

from autograder.suites.gan_losses import reference
from tests.suites.solutions import assert_close, load_solution

PAIRS = {
    "minimax": (reference.cross_entropy, reference.minimax_generator_loss),
    "non_saturating": (reference.cross_entropy, reference.non_saturating_generator_loss),
    "wgan": (reference.wgan_discriminator_loss, reference.wgan_generator_loss),
    "lsgan": (reference.lsgan_discriminator_loss, reference.lsgan_generator_loss),
}
PENALISED = {
    "wgan_gp": (reference.penalised(reference.wgan_discriminator_loss), reference.wgan_generator_loss),
    "dragan": (reference.penalised(reference.cross_entropy), reference.non_saturating_generator_loss),
}


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(3)


def assert_agrees(own, ours, *args, **options):
    """Same value, same gradients."""
    assert_close(own(*args, **options), ours(*args, **options))
    leaves = [arg.clone().requires_grad_() for arg in args]
    slopes = torch.autograd.grad(own(*leaves, **options), leaves, materialize_grads=True)
    for got, want in zip(slopes, reference.slopes(ours, *args, **options), strict=True):
        assert_close(got, want)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("sizes", [(1, 1), (8, 8), (7, 3), (2, 96)])
@pytest.mark.parametrize("scale", [1.0, 3000.0])
def test_losses_agree_in_value_and_gradient(rng, name, sizes, scale):
    real, fake = (scale * (torch.randn(size, generator=rng) + 0.1) for size in sizes)
    solution, (discriminator, generator) = load_solution("gan_losses"), PAIRS[name]
    assert_agrees(solution[f"{name}_discriminator_loss"], discriminator, real, fake)
    assert_agrees(solution[f"{name}_generator_loss"], generator, fake)


@pytest.mark.parametrize("name", PENALISED)
@pytest.mark.parametrize("options", [{}, {"weight": 0.3}])
def test_losses_with_a_penalty_agree(rng, name, options):
    real, fake, penalty = torch.randn(6, generator=rng), torch.randn(4, generator=rng), torch.tensor(0.7)
    solution, (discriminator, generator) = load_solution("gan_losses"), PENALISED[name]
    assert_agrees(solution[f"{name}_discriminator_loss"], discriminator, real, fake, penalty, **options)
    assert_agrees(solution[f"{name}_generator_loss"], generator, fake)


@pytest.mark.parametrize(
    ("name", "at", "discriminator", "generator"),
    [
        ("minimax", 0.0, 1.386294, -0.693147),
        ("non_saturating", 0.0, 1.386294, 0.693147),
        ("wgan", 0.5, 0.0, -0.5),
        ("lsgan", 0.5, 0.25, 0.125),
        ("wgan_gp", 0.5, 10.0, -0.5),
        ("dragan", 0.0, 11.386294, 0.693147),
    ],
)
def test_figures_of_the_table(name, at, discriminator, generator):
    """At D = 0.5, with the penalty of a constant critic."""
    scores, one = torch.full((4,), at), reference.penalty(torch.zeros(4))
    pair = (PAIRS | PENALISED)[name]
    penalty = [one] if name in PENALISED else []
    assert_close(pair[0](scores, scores[:3], *penalty), discriminator)
    assert_close(pair[1](scores), generator)


@pytest.mark.parametrize("prob", [0.5, 1e-2, 1e-4, 1e-6])
def test_slopes_have_the_figures_of_the_lecture(prob):
    """d minimax / d logit = -D, d non-saturating / d logit = D - 1."""
    logit = torch.tensor([math.log(prob) - math.log1p(-prob)], dtype=torch.float64)
    assert_close(reference.slopes(reference.minimax_generator_loss, logit)[0], [-prob])
    assert_close(reference.slopes(reference.non_saturating_generator_loss, logit)[0], [prob - 1])


@pytest.mark.parametrize(("norm", "want"), [(0.0, 1.0), (1.0, 0.0), (2.0, 1.0), (3.0, 4.0)])
def test_penalty_of_linear_critics(rng, norm, want):
    assert_close(reference.penalty(torch.full((5,), norm)), want)
    direction = torch.randn(12, generator=rng)
    weight = norm * direction / direction.norm()
    solution, samples = load_solution("gan_losses"), torch.randn(5, 3, 2, 2, generator=rng)
    assert_close(solution["gradient_penalty"](lambda x: x.flatten(1) @ weight, samples, -samples), want, 1e-4)
    assert_close(solution["dragan_penalty"](lambda x: (x.flatten(1) @ weight)[:, None], samples), want, 1e-4)


def test_penalties_of_a_quadratic_critic_agree_at_the_points_asked(rng):
    asked = []

    def critic(x):
        asked.append(x.detach())
        return 0.35 * x.square().sum(1, keepdim=True)

    solution, samples = load_solution("gan_losses"), torch.randn(6, 3, generator=rng)
    for name, args, options in (
        ("gradient_penalty", (samples, samples + 1), {"target": 0.4}),
        ("dragan_penalty", (samples,), {}),
    ):
        got = solution[name](critic, *args, rng=rng, **options)
        assert_close(got, reference.penalty(0.7 * asked[-1].norm(dim=1), options.get("target", 1.0)))


@pytest.mark.parametrize("shape", [(4, 2), (3, 1, 5, 5), (1, 7)])
def test_reconstruction_errors_agree(rng, shape):
    images, reconstructed = torch.randn(2, *shape, generator=rng)
    assert_agrees(
        load_solution("gan_losses")["reconstruction_error"], reference.reconstruction_error, images, reconstructed
    )
    assert_close(reference.reconstruction_error(torch.ones(shape), torch.zeros(shape)), 1.0)


@pytest.mark.parametrize("k", [0.0, 0.3, 1.0])
def test_began_agrees(k):
    solution, errors = load_solution("gan_losses"), (torch.tensor(0.8), torch.tensor(0.3))
    assert_agrees(solution["began_discriminator_loss"], reference.began_discriminator_loss, *errors, k=k)
    assert_agrees(solution["began_generator_loss"], reference.began_generator_loss, errors[1])


@pytest.mark.parametrize("k", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("options", [{}, {"gamma": 0.7}, {"rate": 0.5}, {"gamma": 0.1, "rate": 3.0}])
def test_balance_agrees(rng, k, options):
    for real_error, fake_error in torch.rand(5, 2, generator=rng).tolist():
        got = load_solution("gan_losses")["update_k"](k, real_error, fake_error, **options)
        assert got == pytest.approx(reference.update_k(k, real_error, fake_error, **options), abs=1e-6)  # float32


@pytest.mark.parametrize("radius", [0.1, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("dim", [1, 2, 3])
def test_coverage_agrees(rng, radius, dim):
    samples, centers = torch.randn(40, dim, generator=rng), 1.5 * torch.randn(7, dim, generator=rng)
    covered, share = load_solution("gan_losses")["mode_coverage"](samples, centers, radius)
    assert (covered, pytest.approx(share)) == reference.mode_coverage(samples, centers, radius)


def test_coverage_of_samples_made_by_hand():
    centers = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]])
    samples = torch.tensor([[0.1, 0.1], [3.0, 0.2], [2.9, 0.0], [1.5, 1.5]])
    assert reference.mode_coverage(samples, centers, 0.25) == (2, 0.75)
    assert reference.mode_coverage(samples, centers, 0.05) == (0, 0.0)
