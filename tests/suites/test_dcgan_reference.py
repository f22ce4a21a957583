"""The hidden reference of the DCGAN against PyTorch, the notebook's solution, and the figures of the lab's table."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.suites.dcgan import layers, matched, networks, reference
from tests.suites.solutions import assert_close, load_solution


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(5)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation", "want"), [(64, 4, 2, 1, 1, 32)])
def test_sizes_of_the_table(size, kernel, stride, padding, dilation, want):
    assert reference.conv2d_output_size(size, kernel, stride, padding, dilation) == want
    assert reference.conv_transpose2d_output_size(want, kernel, stride, padding) == size


def test_sizes_agree_with_the_formulas():
    own = load_solution("dcgan")
    for size in (5, 12):
        for kernel in (1, 3, 4):
            for stride in (1, 2, 3):
                for padding in (0, 1):
                    for dilation in (1, 2):
                        args = (size + 6, kernel, stride, padding)
                        assert reference.conv2d_output_size(*args, dilation) == own["conv2d_output_size"](
                            *args, dilation
                        )
                        for extra in range(max(stride, dilation)):
                            assert reference.conv_transpose2d_output_size(*args, extra, dilation) == own[
                                "conv_transpose2d_output_size"
                            ](*args, extra, dilation)


@pytest.mark.parametrize(
    ("sides", "kernel", "stride", "padding"),
    [((1, 1), (4, 4), 1, 0), ((4, 5), (4, 4), 2, 1), ((3, 2), (2, 5), 3, 1), ((5, 5), (3, 3), 1, 2)],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_transposed_convolution_is_that_of_pytorch(rng, sides, kernel, stride, padding, dtype):
    x = torch.randn(2, 3, *sides, generator=rng, dtype=dtype)
    weight = torch.randn(3, 4, *kernel, generator=rng, dtype=dtype)
    leaves = [value.double().requires_grad_() for value in (x, weight)]
    got = reference.transposed_convolution(*leaves, stride, padding)
    want = F.conv_transpose2d(*leaves, stride=stride, padding=padding)
    assert_close(got.detach(), want.detach(), 1e-12)
    assert_close(load_solution("dcgan")["transposed_convolution"](x, weight, stride, padding), want.detach())
    cotangent = torch.randn(want.shape, generator=rng, dtype=torch.float64)
    for ours, theirs in zip(
        torch.autograd.grad(got, leaves, cotangent), torch.autograd.grad(want, leaves, cotangent), strict=True
    ):
        assert_close(ours, theirs, 1e-12)


@pytest.mark.parametrize(
    ("kind", "form", "want"),
    [
        (networks.Generator, networks.Form(), 3_576_704),
        (networks.Generator, networks.Form(True, True), 3_577_667),
        (networks.Generator, networks.Form(dense=True), 3_576_704),
        (networks.Discriminator, networks.Form(), 2_765_568),
        (networks.Discriminator, networks.Form(True, True), 2_766_529),
        (networks.Discriminator, networks.Form(dense=True), 2_765_568),
    ],
)
def test_counts_of_the_table(kind, form, want):
    assert matched.size(kind, form) == want


def copied(network, kind, *sizes):
    """The solution's network with the parameters and statistics of the reference."""
    own = load_solution("dcgan")[kind](*sizes)
    order = [layer for layer in own.layers if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    norms = [layer for layer in own.layers if isinstance(layer, nn.BatchNorm2d)]
    with torch.no_grad():
        for mine, theirs in zip(order, network.convolutions, strict=True):
            mine.weight.copy_(theirs.weight)
        for mine, theirs in zip(norms, network.norms.values(), strict=True):
            mine.load_state_dict(theirs.state_dict())
    return own


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    ("kind", "name", "sizes", "shape"),
    [
        (networks.Generator, "DCGANGenerator", (5, 2, 3), (5,)),
        (networks.Discriminator, "DCGANDiscriminator", (3, 2), (2, 64, 64)),
    ],
)
def test_networks_agree_with_the_solution(rng, training, kind, name, sizes, shape):
    network = networks.redraw(kind(*sizes), rng)
    own = copied(network, name, *sizes).train(training)
    network.train(training)
    inputs = torch.randn(4, *shape, generator=rng)
    norms = [layer for layer in own.layers if isinstance(layer, nn.BatchNorm2d)]
    with torch.no_grad():
        want = network.variation(inputs)
        moments = network.statistics(inputs).values()
        before = [(norm.running_mean.clone(), norm.running_var.clone()) for norm in norms]
        assert_close(own(inputs), want)
        assert_close(network(inputs), want)
    if training:
        for norm, (old_mean, old_variance), (mean, variance) in zip(norms, before, moments, strict=True):
            assert_close(norm.running_mean, 0.9 * old_mean + 0.1 * mean)
            assert_close(norm.running_var, 0.9 * old_variance + 0.1 * variance)


@pytest.mark.parametrize("training", [True, False])
def test_dense_form_is_the_same_function(rng, training):
    """A matrix in place of the convolution between one pixel and 4 x 4."""
    for kind, sizes, shape, index in (
        (networks.Generator, (5, 2, 3), (5,), 0),
        (networks.Discriminator, (2, 3), (3, 64, 64), 4),
    ):
        plain = networks.redraw(kind(*sizes), rng).train(training)
        dense = kind(*sizes, form=networks.Form(dense=True)).train(training)
        state = plain.state_dict()
        weight = state[f"convolutions.{index}.weight"].flatten(1)
        state[f"convolutions.{index}.weight"] = weight.T if index == 0 else weight
        dense.load_state_dict(state)
        inputs = torch.randn(3, *shape, generator=rng)
        with torch.no_grad():
            assert_close(dense.variation(inputs), plain.variation(inputs))
            assert_close(dense(inputs), plain(inputs))


def test_norms_without_a_count_are_the_same_function(rng):
    """Batch norm by hand has no num_batches_tracked."""
    plain = networks.redraw(networks.Generator(5, 2, 3), rng)
    bare = networks.Generator(5, 2, 3, form=networks.Form(counting=False))
    bare.load_state_dict(plain.state_dict(), strict=False)
    assert not any("num_batches" in name for name, _ in bare.named_buffers())
    noise = torch.randn(4, 5, generator=rng)
    with torch.no_grad():
        assert_close(bare(noise), plain(noise))


def test_variations_differ_from_the_right_network(rng):
    network = networks.redraw(networks.Generator(5, 2, 3), rng)
    noise = torch.randn(4, 5, generator=rng)
    with torch.no_grad():
        want = network.variation(noise)
        for changes in ({"slopes": (0.2,) * 4}, {"norm_last": True}, {"epsilon": 0.8}, {"training": False}):
            assert (network.variation(noise, **changes) - want).abs().max() > 1e-3


def test_interpolation_agrees_and_ends_where_it_should(rng):
    for noise_dim, steps in ((2, 5), (100, 8), (7, 2)):
        start, end = torch.randn(noise_dim, generator=rng), 3 * torch.randn(noise_dim, generator=rng)
        want = reference.interpolate_noise(start, end, steps)
        assert_close(load_solution("dcgan")["interpolate_noise"](start, end, steps), want)
        assert_close(want[0], start)
        assert_close(want[-1], end)


def test_equal_angles_on_the_sphere(rng):
    start, end = (F.normalize(torch.randn(6, generator=rng, dtype=torch.float64), dim=0) for _ in range(2))
    way = reference.interpolate_noise(start, end, 5)
    assert_close(way.norm(dim=1), torch.ones(5), 1e-12)
    between = (way[1:] * way[:-1]).sum(1)
    assert_close(between, between[0].expand(4), 1e-12)


@pytest.mark.parametrize(
    ("functions", "want"),
    [
        (
            ["conv2d", "leaky_relu", "conv2d", "batch_norm", "linear", "sigmoid"],
            ["weight", "bend", "weight", "norm", "weight"],
        ),
        (["reshape"], []),
    ],
)
def test_order_of_weights_norms_and_activations(functions, want):
    seen = layers.Layers([], functions, {})
    assert seen.in_order() == want
    assert seen.behind_the_last_weight() == (["sigmoid"] if want else [])
    assert seen.has_batch_norm() == ("norm" in want)
