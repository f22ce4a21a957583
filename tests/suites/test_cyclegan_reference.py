"""The hidden reference of cyclegan against PyTorch, the figures of the text, and the notebook's solution."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.suites.cyclegan import reference
from autograder.suites.cyclegan.networks import (
    LAYOUTS,
    Layout,
    ResidualBlock,
    ResNetGenerator,
    Wiring,
    batch_norm,
    instance_norm,
)
from autograder.suites.cyclegan.objectives import Objective, Scene, begin, differentiate, is_clear, judge
from autograder.suites.cyclegan.players import GENERATORS, LAYERS, NAMES, Player
from autograder.suites.cyclegan.wrong_objectives import list_mistakes
from tests.suites.solutions import assert_close, load_solution


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(7)


def solution(name):
    return load_solution("cyclegan", "patch_discriminator")[name]


def convolutions(network):
    return [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]


def copy_into(own, network):
    """The reference's parameters into the solution's network, in the order in which both register convolutions."""
    for theirs, ours in zip(convolutions(own), convolutions(network), strict=True):
        theirs.load_state_dict(ours.state_dict())


@pytest.mark.parametrize(
    ("make", "parameters"),
    [
        (ResNetGenerator, 11_378_179),
        (lambda: ResNetGenerator(blocks=6), 7_837_699),
        (lambda: ResNetGenerator(layout=Layout(affine=True)), 11_388_675),
        (lambda: ResNetGenerator(layout=Layout("last")), 11_372_931),
        (lambda: ResNetGenerator(layout=Layout("last", affine=True)), 11_383_427),
        (lambda: ResidualBlock(256), 1_180_160),
        (lambda: ResidualBlock(4), 296),
    ],
)
def test_networks_have_the_figures_of_the_text(make, parameters):
    with torch.device("meta"):
        assert sum(parameter.numel() for parameter in make().parameters()) == parameters


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(2, 3, 5, 4), (1, 2, 2, 7)])
def test_block_agrees_with_the_solution_on_the_same_parameters(rng, shape, training):
    network, own = ResidualBlock(shape[1]), solution("ResidualBlock")(shape[1]).double().train(training)
    network.redraw(rng)
    copy_into(own, network)
    x = torch.randn(shape, generator=rng, dtype=torch.float64)
    assert_close(own(x), network(x))


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_generator_agrees_with_the_solution_whatever_stands_beside_its_weights(rng, layout):
    plain, network = ResNetGenerator(2, 3, 2), ResNetGenerator(2, 3, 2, layout)
    plain.redraw(rng)
    for convolution in (*plain.convolutions[:-1], *([plain.convolutions[-1]] if layout.bias == "nowhere" else [])):
        convolution.bias.data.zero_()
    network.load_state_dict(plain.state_dict(), strict=False)
    own = solution("ResNetGenerator")(2, 3, 2).double()
    copy_into(own, plain)
    x = torch.randn(2, 2, 12, 16, generator=rng, dtype=torch.float64)
    assert_close(network(x), own(x))


def test_norms_are_those_of_pytorch(rng):
    x = 3 + 2 * torch.randn(4, 3, 5, 6, generator=rng)
    assert_close(instance_norm(x), F.instance_norm(x))
    assert_close(batch_norm(x), F.batch_norm(x, None, None, training=True))


def test_rectifiers_near_their_kink_are_found(rng):
    network = ResidualBlock(2)
    network.redraw(rng)
    x = torch.randn(1, 2, 4, 4, generator=rng, dtype=torch.float64)
    seen = []
    network.variation(x, Wiring(inside=lambda inner: (seen.append(inner.abs().min().item()), inner.relu())[1]))
    assert network.nearest_kink(x) == min(seen)


@pytest.mark.parametrize("shape", [(2, 1, 3, 4), (5,), ()])
@pytest.mark.parametrize("is_real", [True, False])
def test_adversarial_loss_agrees_in_value_and_gradient(rng, shape, is_real):
    scores = torch.randn(shape, generator=rng).requires_grad_()
    loss = solution("adversarial_loss")(scores, is_real)
    assert_close(loss, reference.adversarial_loss(scores, is_real))
    (slope,) = torch.autograd.grad(loss, scores)
    assert_close(slope, reference.adversarial_slope(scores, is_real))


def test_adversarial_loss_has_the_figures_of_the_text():
    half = torch.full((2, 1, 6, 6), 0.5)
    assert reference.adversarial_loss(half, True) == reference.adversarial_loss(half, False) == 0.25
    assert reference.adversarial_loss(6 * half, True) == 4


def test_cycle_loss_agrees_in_value_and_gradient(rng):
    reconstructed, original = torch.randn(2, 3, 2, 4, 4, generator=rng).unbind()
    reconstructed.requires_grad_()
    loss = solution("cycle_loss")(reconstructed, original)
    assert_close(loss, reference.cycle_loss(reconstructed, original))
    (slope,) = torch.autograd.grad(loss, reconstructed)
    assert_close(slope, reference.cycle_slope(reconstructed, original))


@pytest.fixture
def scene(rng):
    """Four networks that are here only."""
    cast = {}
    for name in NAMES:
        twin = nn.Sequential(*(getattr(nn, kind)(*args) for kind, *args in LAYERS[name])).double()
        start = {
            f"layer.{key}": 0.3 * torch.randn(value.shape, generator=rng) for key, value in twin.named_parameters()
        }
        twin.load_state_dict({key.removeprefix("layer."): value for key, value in start.items()})
        cast[name] = Player(name, None, twin, start)
    found = begin(cast, *(torch.randn(count, 3, 6, 6, generator=rng) for count in (2, 3)))
    assert is_clear(found)
    return found


@pytest.mark.parametrize("weights", [{}, {"cycle_weight": 3.0, "identity_weight": 2.0}, {"cycle_weight": 0.0}])
def test_objective_agrees_with_the_solution_in_value_and_gradients(scene, weights):
    twins = [scene.cast[name].twin for name in NAMES]
    loss = solution("generator_objective")(*twins, scene.real_a, scene.real_b, **weights)
    found = differentiate(scene, Objective(**weights), GENERATORS)
    assert_close(found.value, loss)
    for name in GENERATORS:
        named = sorted(scene.cast[name].twin.named_parameters())
        slopes = torch.autograd.grad(loss, [value for _, value in named], retain_graph=True)
        assert_close(found.slopes[name], torch.cat([slope.flatten() for slope in slopes]))


def test_discriminators_objective_agrees_with_the_solution(scene):
    twin = scene.cast["d_a"].twin
    loss = solution("discriminator_objective")(twin, scene.real_a, scene.real_b)
    found = differentiate(scene, lambda live: judge(live, "d_a", live.real_a, live.real_b), ("d_a",))
    assert_close(found.value, loss)
    slopes = torch.autograd.grad(loss, [value for _, value in sorted(twin.named_parameters())])
    assert_close(found.slopes["d_a"], torch.cat([slope.flatten() for slope in slopes]))


@pytest.mark.parametrize("weights", [{}, {"cycle_weight": 3.5, "identity_weight": 1.75}], ids=["defaults", "others"])
def test_every_known_mistake_shows_in_value_or_gradient(scene, weights):
    right = differentiate(scene, Objective(**weights), GENERATORS)
    for hint, wrong in list_mistakes(weights).items():
        found = differentiate(scene, wrong, GENERATORS)
        pairs = [(right.value, found.value), *((right.slopes[name], found.slopes[name]) for name in GENERATORS)]
        defaults = hint.endswith(("This is its default.", "These are the defaults."))
        same = all(torch.allclose(one, other, rtol=1e-3) for one, other in pairs)
        assert same == (defaults and not weights), hint


def test_scene_runs_each_network_with_the_parameters_it_was_given(scene):
    assert isinstance(scene, Scene)
    with torch.no_grad():
        assert_close(scene.fake_b, scene.cast["g_ab"].twin(scene.real_a))
        assert_close(scene.fake_a, scene.cast["g_ba"].twin(scene.real_b))
