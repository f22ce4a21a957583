"""The hidden reference of pix2pix against PyTorch, the figures of the text, and the notebook's solution."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.suites.pix2pix import reference
from autograder.suites.pix2pix.copies import draw_network, exchange
from autograder.suites.pix2pix.networks import PLANS, PatchDiscriminator, make_toy_unet, make_unet
from autograder.suites.pix2pix.pool_networks import MARGIN, PoolJudge, PoolUNet
from tests.suites.solutions import assert_close, load_solution


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(4)


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("seed", range(8))
def test_receptive_field_is_what_has_a_gradient(seed):
    rng = torch.Generator().manual_seed(seed)
    layers = [tuple(torch.randint(1, 5, (2,), generator=rng).tolist()) for _ in range(4)]
    field = reference.receptive_field(layers)
    pixels = torch.zeros(1, 1, field + 7, requires_grad=True)
    x = pixels
    for kernel_size, stride in layers:
        x = F.conv1d(x, torch.ones(1, 1, kernel_size), stride=stride)
    (slope,) = torch.autograd.grad(x[0, 0, 0], pixels)
    places = slope[0, 0].nonzero()[:, 0]
    assert int(places[-1] - places[0]) + 1 == field
    assert field == load_solution("pix2pix", "pointwise_layers")["receptive_field"](layers)


@pytest.mark.parametrize(("layers", "field"), [(0, 1), (1, 16), (2, 34), (3, 70), (4, 142), (5, 286)])
def test_patches_have_the_sizes_of_the_paper(layers, field):
    plan = PLANS[layers]
    assert reference.receptive_field([(plan.kernel_size, stride) for stride in plan.strides]) == field
    assert reference.receptive_field([]) == 1


@pytest.mark.parametrize(
    ("make", "parameters"),
    [
        (make_toy_unet, 1_451_651),
        (make_unet, 54_419_459),
        (lambda: make_unet(bias="last"), 54_413_955),
        (lambda: make_unet(bias="without norm"), 54_414_531),
        (lambda: make_unet(norm_at_bottom=True), 54_420_483),
        (lambda: make_unet(base_channels=8), 852_995),
        (lambda: PatchDiscriminator(layers=0), 9_153),
        (lambda: PatchDiscriminator(layers=1), 139_713),
        (PatchDiscriminator, 2_769_601),
        (lambda: PatchDiscriminator(layers=2), 666_817),
        (lambda: PatchDiscriminator(layers=4), 6_965_441),
        (lambda: PatchDiscriminator(layers=5), 11_161_281),
        (lambda: PatchDiscriminator(layers=0, bias="without norm"), 9_025),
        (lambda: PatchDiscriminator(layers=1, bias="without norm"), 139_585),
        (lambda: PatchDiscriminator(bias="without norm"), 2_768_705),
        (lambda: PatchDiscriminator(layers=5, bias="without norm"), 11_159_361),
        (PoolUNet, 875_619),
        (PoolJudge, 1_180_625),
    ],
)
def test_networks_have_the_figures_of_the_text(make, parameters):
    with torch.device("meta"):
        assert count(make()) == parameters


def executed(module):
    """The layers with parameters, in order of registration."""
    return [layer for layer in module.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d)]


CASES = {
    "ToyUNet": (make_toy_unet, (), [(2, 3, 16, 24)]),
    "PatchDiscriminator": (lambda: PatchDiscriminator(3, 2, 3), (3, 2, 3), [(2, 3, 40, 32)] * 2),
    "PixelGAN": (lambda: PatchDiscriminator(3, 2, 0), (3, 2, 0), [(2, 3, 5, 6)] * 2),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("training", [True, False])
def test_networks_agree_with_the_solution_on_the_same_parameters(rng, name, training):
    make, arguments, shapes = CASES[name]
    network = draw_network(rng, make).train(training)
    own = load_solution("pix2pix", "pointwise_layers")[name.replace("PixelGAN", "PatchDiscriminator")](
        *arguments
    ).train(training)
    convolutions = [layer for layer in executed(network) if not isinstance(layer, nn.BatchNorm2d)]
    theirs = [layer for layer in executed(own) if not isinstance(layer, nn.BatchNorm2d)]
    if name == "ToyUNet":  # the reference has its way up by depth
        convolutions = [*convolutions[:3], *reversed(convolutions[3:])]
    for ours, other in zip(convolutions, theirs, strict=True):
        other.load_state_dict(ours.state_dict())
    norms = [[layer for layer in executed(each) if isinstance(layer, nn.BatchNorm2d)] for each in (network, own)]
    for ours, other in zip(*norms, strict=True):
        other.load_state_dict(ours.state_dict())
    inputs = [torch.randn(shape, generator=rng) for shape in shapes]
    assert_close(own(*inputs), network(*inputs))


def test_unet_agrees_with_the_solution_on_the_same_parameters(rng):
    network, own = (
        draw_network(rng, make_unet, base_channels=2),
        load_solution("pix2pix", "pointwise_layers")["UNetGenerator"](base_channels=2),
    )
    layers = executed(own)
    downs = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    ups = [layer for layer in layers if isinstance(layer, nn.ConvTranspose2d)]
    norms = [layer for layer in layers if isinstance(layer, nn.BatchNorm2d)]
    ours = [
        *network.downs,
        *reversed(network.ups),
        *(norm for norm in network.down_norms if isinstance(norm, nn.BatchNorm2d)),
        *(norm for norm in reversed(network.up_norms) if isinstance(norm, nn.BatchNorm2d)),
    ]
    for mine, theirs in zip(ours, [*downs, *ups, *norms], strict=True):
        theirs.load_state_dict(mine.state_dict())
    sketch = torch.randn(1, 3, 256, 256, generator=rng)
    with torch.no_grad():
        for training in (True, False):
            assert_close(own.train(training)(sketch), network.train(training)(sketch))


@pytest.mark.parametrize(
    ("name", "make", "places"), [("PoolUNetGenerator", PoolUNet, 1), ("PoolDiscriminator", PoolJudge, 2)]
)
def test_settled_pool_networks_keep_everything_above_zero(rng, name, make, places):
    """So the solution, with its activations, gives what the reference gives without any."""
    network, own = draw_network(rng, make).eval(), load_solution("pix2pix", "pointwise_layers")[name]().eval()
    inputs = [torch.rand(1, 3, 64, 64, generator=rng) for _ in range(places)]
    smallest = []
    with torch.no_grad():
        for norm in network.norms[:-1]:
            norm.bias.abs_()
        network.variation(*inputs, settle=True)
        hooks = [
            layer.register_forward_hook(lambda _, __, output: smallest.append(float(output.min())))
            for layer in (*network.convolutions[:-1], *network.norms[:-1])
        ]
        want = network(*inputs)
        for hook in hooks:
            hook.remove()
        convolutions = [layer for layer in executed(own) if isinstance(layer, nn.Conv2d)]
        norms = [layer for layer in executed(own) if isinstance(layer, nn.BatchNorm2d)]
        for mine, theirs in zip((*network.convolutions, *network.norms[:-1]), (*convolutions, *norms), strict=True):
            theirs.load_state_dict(mine.state_dict())
        assert min(smallest) > MARGIN / 10
        assert_close(own(*inputs), want)


def test_exchanged_halves_are_the_other_order_of_a_concatenation(rng):
    one, other, weight = (torch.randn(4, 4, generator=rng) for _ in range(3))
    wide = torch.cat([weight, 2 * weight])  # (8, 4)
    assert_close(torch.cat([one, other], 1) @ wide, torch.cat([other, one], 1) @ exchange(wide, 0))
    assert torch.equal(exchange(exchange(wide, 0), 0), wide)


def draw_logits(rng, *shape, scale=2.0):
    logits = scale * torch.randn(shape, generator=rng)
    return logits + 0.01 * logits.sign()


@pytest.mark.parametrize("scale", [2.0, 3000.0])
@pytest.mark.parametrize(("n", "m"), [((2, 1, 3, 4), (2, 1, 3, 4)), ((1, 1, 5, 5), (3, 1, 2, 2))])
def test_discriminator_loss_agrees_in_value_and_gradient(rng, scale, n, m):
    real, fake = (draw_logits(rng, *shape, scale=scale).requires_grad_() for shape in (n, m))
    loss = load_solution("pix2pix", "pointwise_layers")["discriminator_loss"](real, fake)
    assert_close(loss, reference.discriminator_loss(real, fake))
    for got, want in zip(
        torch.autograd.grad(loss, (real, fake)), reference.discriminator_slopes(real, fake), strict=True
    ):
        assert_close(got, want)


@pytest.mark.parametrize("l1_weight", [0.0, 2.5, 100.0])
def test_generator_loss_agrees_in_value_and_gradient(rng, l1_weight):
    logits = draw_logits(rng, 2, 1, 3, 3).requires_grad_()
    fake, photo = torch.randn(2, 2, 3, 4, 4, generator=rng).unbind()
    fake.requires_grad_()
    loss = load_solution("pix2pix", "pointwise_layers")["generator_loss"](logits, fake, photo, l1_weight)
    assert_close(loss, reference.generator_loss(logits, fake, photo, l1_weight))
    wanted = reference.generator_slopes(logits, fake, photo, l1_weight)
    for got, want in zip(torch.autograd.grad(loss, (logits, fake)), wanted, strict=True):
        assert_close(got, want)
    assert_close(
        load_solution("pix2pix", "pointwise_layers")["l1_only_loss"](fake, photo), reference.l1_loss(fake, photo)
    )


def test_mean_l1_is_over_pictures_not_batches(rng):
    batches = [torch.randn(2, size, 3, 4, 4, generator=rng).unbind() for size in (4, 1)]
    identity = nn.Sequential(nn.Conv2d(3, 3, 1))
    nn.init.dirac_(identity[0].weight)
    nn.init.zeros_(identity[0].bias)
    want = reference.l1_loss(*(torch.cat(part) for part in zip(*batches, strict=True)))
    assert_close(load_solution("pix2pix", "pointwise_layers")["evaluate"](identity, batches), want)
