"""Networks over the wall: layers of torch.nn made there, a student's matched with a reference, full sizes on meta."""

import math

import pytest
import torch
from torch import nn

from autograder.compare import expect, expect_close, expect_equal


def check_count_parameters(submission):
    shared = submission.layer("Linear", 3, 3)
    network = submission.layer("Sequential", shared, submission.layer("BatchNorm1d", 3), shared)
    expect_equal(submission.call("count_parameters", network).integer(), 12 + 6, "parameters")
    shared.freeze()
    expect_equal(submission.call("count_parameters", network).integer(), 6, "trainable parameters")
    expect_equal(submission.call("count_parameters", network, trainable_only=False).integer(), 18, "parameters, frozen")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("module.parameters() if", "module.state_dict(keep_vars=True).values() if", "parameters"),
        ("if p.requires_grad or not trainable_only", "", "trainable parameters"),
    ],
    ids=["right", "shared ones twice", "frozen ones too"],
)
def test_layers_are_nested_shared_and_frozen(verdict, old, new, message):
    assert_verdict(verdict(check_count_parameters, "dcgan", old, new), message)


def check_initialize_weights(submission):
    network = submission.layer(
        "Sequential",
        submission.layer("Conv2d", 8, 32, 4),
        submission.layer("BatchNorm2d", 1024),
        submission.layer("Sequential", submission.layer("ConvTranspose2d", 16, 16, 4, bias=False)),
        submission.layer("BatchNorm2d", 4, affine=False),
        submission.layer("Linear", 5, 5),
    )
    before = network.parameters()
    network.method("apply", submission.entry("initialize_weights"))
    after = network.parameters()
    for name, mean in (("0.weight", 0.0), ("1.weight", 1.0), ("2.0.weight", 0.0)):
        values, error = after[name], 5 / math.sqrt(after[name].numel())  # five standard errors
        expect(abs(float(values.mean()) - mean) < 0.02 * error, f"mean of {name}")
        expect(abs(float(values.std()) / 0.02 - 1) < error, f"spread of {name}")
    for name, want in (("0.bias", torch.zeros(32)), ("1.bias", torch.zeros(1024)), ("4.bias", before["4.bias"])):
        expect_close(after[name], want, name)
    expect_close(after["4.weight"], before["4.weight"], "weights of another layer")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("module.weight, 1.0, 0.02", "module.weight, 0.0, 0.02", "mean of 1.weight"),
        ("module.weight, 0.0, 0.02", "module.weight, 0.0, 0.02**0.5", "spread of 0.weight"),
        ("(nn.Conv2d, nn.ConvTranspose2d)", "(nn.Conv2d, nn.ConvTranspose2d, nn.Linear)", "4.bias"),
        ("nn.init.zeros_(module.bias)", "return", "0.bias"),
    ],
    ids=["right", "batch norm around 0", "variance for deviation", "linear layers too", "biases left"],
)
def test_a_function_of_the_student_is_applied_to_layers(verdict, old, new, message):
    assert_verdict(verdict(check_initialize_weights, "dcgan", old, new), message)


def check_full_size(submission):
    generator = submission.build("DCGANGenerator", device="meta")
    shapes = generator.parameter_shapes().values()
    expect_equal(sum(math.prod(shape) for shape in shapes), 3_576_704, "parameters")
    expect_equal(generator(torch.empty(2, 100, device="meta")).shape(), (2, 3, 64, 64), "shape of the images")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("image_channels, 4, 2, 1, bias=False", "image_channels, 4, 2, 1", "parameters"),
        ("noise_dim=100, base_channels=64", "noise_dim=100, base_channels=32", "parameters"),
        ("noise.view(noise.shape[0], -1, 1, 1)", "noise.view(1, -1, 1, 1).expand(2, -1, 2, 2)[:, :100]", "shape"),
    ],
    ids=["right", "a bias", "half as wide", "another size"],
)
def test_full_sizes_are_counted_on_the_meta_device(verdict, old, new, message):
    assert_verdict(verdict(check_full_size, "dcgan", old, new), message)


def check_receptive_field_of(submission):
    def conv(kernel, stride, **options):
        return submission.layer("Conv2d", 2, 2, kernel, stride, **options)

    inner = submission.layer("Sequential", conv(3, 1, dilation=2), submission.layer("BatchNorm2d", 2))
    network = submission.layer("Sequential", conv(4, 2), submission.layer("AvgPool2d", 2), inner)
    expect_equal(submission.call("receptive_field_of", network).integer(), 4 + 1 * 2 + 4 * 4, "receptive field")
    unknown = submission.layer("Sequential", conv(3, 1), submission.layer("Upsample", scale_factor=2))
    raised = submission.raises("receptive_field_of", unknown)
    expect("ValueError" in raised.types, "expected a ValueError for a layer it does not know")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("raise ValueError(", "print(", "expected an exception"),
        ("raise ValueError(", "raise TypeError(", "expected a ValueError"),
        ("dilation * (kernel - 1)", "(kernel - 1)", "receptive field"),
        ("module.modules()", "module.children()", "receptive field"),
    ],
    ids=["right", "no error", "another error", "without dilation", "not nested"],
)
def test_an_unknown_layer_raises_a_typed_exception(verdict, old, new, message):
    assert_verdict(verdict(check_receptive_field_of, "pix2pix", old, new), message)


NORM = "self.up_norm = nn.BatchNorm2d(outer)"


class FlatUNet(nn.Module):
    """The U-Net of 256 x 256 with its layers side by side; `skip_first` is the order of concatenation."""

    def __init__(self, base, *, skip_first):
        super().__init__()
        widths = [base * factor for factor in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip([3, *widths], widths, strict=False))
        self.down_norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:-1])
        targets = [*widths[-2::-1], 3]
        sources = [widths[-1], *(2 * width for width in targets[:-1])]
        self.ups = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in zip(sources, targets, strict=True))
        self.up_norms = nn.ModuleList(nn.BatchNorm2d(width) for width in targets[:-1])
        self.skip_first = skip_first

    def forward(self, x):
        skips = []
        for depth, down in enumerate(self.downs):
            x = down(x) if depth == 0 else down(nn.functional.leaky_relu(x, 0.2))
            if 0 < depth < 7:
                x = self.down_norms[depth - 1](x)
            skips.append(x)
        x = skips.pop()
        for up, norm in zip(self.ups, self.up_norms, strict=False):
            x = norm(up(x.relu()))
            x = torch.cat([skips.pop(), x] if self.skip_first else [x, skips.pop()], dim=1)
        return self.ups[-1](x.relu()).tanh()


def check_unet_generator(submission):
    """In training mode, then in eval mode with its own statistics; both orders of concatenation are right."""
    rng = torch.Generator().manual_seed(2)
    sketch = torch.rand(2, 3, 256, 256, generator=rng) * 2 - 1
    unet = submission.build("UNetGenerator", base_channels=2)
    references = [FlatUNet(2, skip_first=skip_first) for skip_first in (True, False)]
    for reference in references:
        for parameter in reference.parameters():
            nn.init.uniform_(parameter, -0.3, 0.3, generator=rng)
        matching = unet.copy_from(reference, sketch)
        got, want = unet.train()(sketch).tensor((2, 3, 256, 256)), reference(sketch)
        if torch.allclose(got, want, atol=1e-4):
            break
    expect_close(got, want, "the picture in training mode")
    running = {name: value for name, value in reference.named_buffers() if "running" in name}
    statistics = matching.to_reference(unet.buffers())
    for name, value in running.items():
        expect_close(statistics[name], value, "running statistics")
    expect_close(unet.eval()(sketch).tensor((2, 3, 256, 256)), reference.eval()(sketch), "the picture in eval mode")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("[x, self.up_norm(self.up(F.relu(deep)))]", "[self.up_norm(self.up(F.relu(deep))), x]", ""),
        ("F.leaky_relu(x, 0.2)", "F.leaky_relu(x, 0.02)", "in training mode"),
        (
            "self.last(F.relu(self.blocks(self.first(sketch))))",
            "self.last(self.blocks(self.first(sketch)))",
            "training",
        ),
        (
            "nn.Identity() if inside is None else nn.BatchNorm2d(inner)",
            "nn.BatchNorm2d(inner)",
            "parameters of the shapes",
        ),
        (NORM, f"{NORM[:-1]}, momentum=0.5)", "statistics"),
        (NORM, f"self.register_buffer('seen', torch.ones(3)); {NORM}", ""),
        (NORM, f"self.register_buffer('seen', torch.ones(3)); {NORM[:-1]}, track_running_stats=False)", "shapes"),
    ],
    ids=[
        "right",
        "other order",
        "another slope",
        "no last ReLU",
        "norm on the bottleneck",
        "another momentum",
        "a buffer of its own",
        "a buffer in the place of others",
    ],
)
def test_a_nested_network_takes_the_parameters_of_a_flat_reference(verdict, old, new, message):
    assert_verdict(verdict(check_unet_generator, "pix2pix", old, new), message)


def assert_verdict(said, message):
    assert message in said if message else said == "", said
