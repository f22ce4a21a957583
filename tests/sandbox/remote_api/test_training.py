"""Training over the wall: loaders, callbacks, several optimizers, pools, conditional networks, classifiers."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.compare import expect, expect_close, expect_equal

RATE = 0.1  # of the plain gradient descent under which updates are compared


def check_train(submission):
    rng = torch.Generator().manual_seed(1)
    generator = submission.probe("LinearGenerator", torch.randn(4, 2, generator=rng), torch.zeros(4), (1, 2, 2))
    discriminator = submission.probe("LinearDiscriminator", torch.randn(4, generator=rng), torch.tensor(0.0))
    images, labels = torch.randn(7, 1, 2, 2, generator=rng), torch.arange(7)
    loader = submission.probe("make_loader", images, labels, batch_size=3)
    recorder = submission.probe("Recorder", None, ("step", "generator_loss", "discriminator_loss"))
    start = generator.parameters()
    history = submission.call(
        *("train", generator, discriminator, loader),
        **{"noise_dim": 2, "epochs": 2, "discriminator_steps": 2, "rng": submission.rng(3), "on_step": recorder},
    )
    names = ("generator", "discriminator")
    losses = [[item.number() for item in history.mapping(names)[name].sequence(6)] for name in names]
    told = [call.inputs for call in recorder.calls()]
    expect_equal([step.integer() for step, _, _ in told], [1, 2, 3, 4, 5, 6], "steps given to on_step")
    for position, recorded in enumerate(losses, start=1):
        expect_equal([inputs[position].number() for inputs in told], recorded, "losses given to on_step")
    drawn = [call.inputs[0].tensor((None, 2)) for call in generator.calls()]
    expect_equal([len(noise) for noise in drawn], [3] * 6 + [1] * 3 + [3] * 6 + [1] * 3, "sizes of the noise")
    expect(len({tuple(noise.flatten().tolist()) for noise in drawn}) == len(drawn), "noise was used twice")
    after = generator.parameters()
    expect(not torch.equal(after["weight"], start["weight"]), "the generator did not move")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("step, discriminator_loss=history", "step - 1, discriminator_loss=history", "steps given"),
        ('discriminator_loss=history["discriminator"][-1]', "discriminator_loss=0.0", "losses given"),
        ("batch if isinstance(batch, torch.Tensor) else batch[0]", "next(iter(loader))[0]", "sizes of the noise"),
        ("for batch in loader:", "for batch in list(loader)[:2]:", "list or tuple of 6"),
        ("            generator_optimizer.step()", "            pass", "did not move"),
    ],
)
def test_train_gets_a_loader_and_calls_back(verdict, old, new, message):
    assert_verdict(verdict(check_train, "vanilla_gan", old, new), message)


def send(submission, local):
    """A convolution of this side as a recording network of the worker's."""
    layer = submission.layer("Conv2d", local.in_channels, local.out_channels, local.kernel_size)
    layer.load(local.state_dict())
    return submission.probe("Recording", layer)


def descend(network, loss):
    """The network after one step of gradient descent."""
    moved = copy.deepcopy(network)
    gradients = torch.autograd.grad(loss, list(network.parameters()), retain_graph=True)
    with torch.no_grad():
        for parameter, gradient in zip(moved.parameters(), gradients, strict=True):
            parameter -= RATE * gradient
    return moved


def check_train_step(submission):
    torch.manual_seed(2)
    g_ab, g_ba, d_a, d_b = locals_ = [nn.Conv2d(2, 2, 1), nn.Conv2d(2, 2, 1), nn.Conv2d(2, 1, 2), nn.Conv2d(2, 1, 2)]
    a, b, older_a, older_b = torch.randn(4, 3, 2, 4, 4)
    remotes = [send(submission, network) for network in locals_]
    optimizers = [submission.optimizer("SGD", pair, lr=RATE) for pair in (remotes[:2], remotes[2:])]
    pools = submission.probe("Pool", older_a), submission.probe("Pool", older_b)
    answer = submission.call(
        *("train_step", *remotes, *optimizers, a, b), pool_a=pools[0], pool_b=pools[1], rng=submission.rng(1)
    )
    fake_a, fake_b = g_ba(b), g_ab(a)
    fooled = F.mse_loss(d_a(fake_a), torch.ones(3, 1, 3, 3)) + F.mse_loss(d_b(fake_b), torch.ones(3, 1, 3, 3))
    cycle = F.l1_loss(g_ba(fake_b), a) + F.l1_loss(g_ab(fake_a), b)
    generator_loss = fooled + 10 * cycle + 5 * (F.l1_loss(g_ab(b), b) + F.l1_loss(g_ba(a), a))
    critiques = [
        ((d(real) - 1).square().mean() + d(older).square().mean()) / 2
        for d, real, older in ((d_a, a, older_a), (d_b, b, older_b))
    ]
    moved = [descend(g_ab, generator_loss), descend(g_ba, generator_loss)]
    wanted = [*moved, descend(d_a, critiques[0]), descend(d_b, critiques[1])]
    for name, remote, want in zip(("g_ab", "g_ba", "d_a", "d_b"), remotes, wanted, strict=True):
        for key, parameter in remote.parameters().items():
            expect_close(parameter, want.get_parameter(key.removeprefix("layer.")), f"{name} after", forward=False)
    for name, loss in (("generator", generator_loss), ("discriminator", sum(critiques))):
        expect_close(answer.mapping((name,))[name].number(), loss, f"{name} loss")
    for pool, before, after in ((pools[0], fake_a, moved[1](b)), (pools[1], fake_b, moved[0](a))):
        (call,) = pool.calls()
        kept = call.inputs[0].tensor((3, 2, 4, 4))
        expect(torch.allclose(kept, before, atol=1e-5) or torch.allclose(kept, after, atol=1e-5), "images for a pool")
    for d in remotes[2:]:
        expect(all(d.requires_grad_flags().values()), "a discriminator left frozen")
        expect(all(call.frozen for call in d.calls() if call.requires_grad), "a discriminator not frozen meanwhile")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("freeze((d_a, d_b), True)", "pass", "not frozen"),
        ("freeze((d_a, d_b), False)", "for d in (d_a, d_b): next(d.parameters()).requires_grad = True", "d_a after"),
        ("pool_a.query(fake_a, rng=rng)", "(pool_a.query(fake_a, rng=rng), fake_a)[1]", "d_a after"),
        ("pool_a.query(fake_a, rng=rng)", "pool_a.query(fake_b, rng=rng)", "images for a pool"),
        (
            "discriminator_optimizer.zero_grad()\n    discriminator_loss.backward()",
            "discriminator_loss.mul(2).backward()",
            "d_a",
        ),
        ("distance(g_ba(fake_b), real_a) + distance", "distance", "g_ab after"),
        ('"generator": generator_loss.item()', '"generator": generator_loss', "expected a number"),
    ],
)
def test_two_optimizers_over_two_networks_each_and_pools(verdict, old, new, message):
    assert_verdict(verdict(check_train_step, "cyclegan", old, new), message)


def check_discriminator_objective(submission):
    """Differentiated by arguments and by the parameters of a module among them, at once."""
    torch.manual_seed(4)
    local, real, fake = nn.Conv2d(2, 1, 2), torch.randn(3, 2, 4, 4), torch.randn(2, 2, 4, 4)
    d = send(submission, local)
    loss, (slope,), slopes = submission.vjp("discriminator_objective", d, real, fake, of=d, wrt=(2,))
    want = ((local(real) - 1).square().mean() + local(fake).square().mean()) / 2
    want.backward()
    expect_close(loss, want, "the loss")
    expect_close(slopes["layer.weight"], local.weight.grad, "its gradient in the discriminator", forward=False)
    expect(not slope.any(), "a gradient reaches the fake images")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("discriminator(fake.detach())", "discriminator(fake)", "reaches the fake"),
        ("discriminator(fake.detach()), False)) / 2", "discriminator(fake.detach()), False))", "the loss"),
    ],
)
def test_gradients_of_arguments_and_of_a_modules_parameters(verdict, old, new, message):
    assert_verdict(verdict(check_discriminator_objective, "cyclegan", old, new), message)


def check_image_pool(submission):
    pool = submission.build("ImagePool", 2)
    rng = submission.rng(1)
    first, shape = torch.tensor([1.0, 2.0]).reshape(2, 1, 1, 1), (None, 1, 1, 1)
    expect_close(pool.method("query", first, rng=rng).tensor(shape), first, "images while the pool fills")
    kept, replaced = {1.0, 2.0}, 0
    for new in map(float, range(3, 203)):
        given = float(pool.method("query", torch.full((1, 1, 1, 1), new), rng=rng).tensor((1, 1, 1, 1)))
        expect(given == new or given in kept, "an image that is not in the pool")
        if given != new:
            kept, replaced = kept - {given} | {new}, replaced + 1
    expect(60 < replaced < 140, "old images do not come half of the time")  # 5.7 standard deviations


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("< 0.5", "< 0.1", "half of the time"),
        ("self.images[index] = image\n", "pass\n", "not in the pool"),
        ("self.images.append(image)\n", "self.images.append(image * 0)\n", "not in the pool"),
    ],
)
def test_an_object_of_the_student_keeps_its_state(verdict, old, new, message):
    assert_verdict(verdict(check_image_pool, "cyclegan", old, new), message)


def check_conditional_step(submission):
    rng = torch.Generator().manual_seed(5)
    weight, table, rows = (torch.randn(shape, generator=rng) for shape in ((4, 3), (5, 4), (5, 4)))
    generator = submission.probe("LinearConditionalGenerator", weight, table, (1, 2, 2))
    discriminator = submission.probe("LinearConditionalDiscriminator", rows)
    real, noise = torch.randn(6, 1, 2, 2, generator=rng), torch.randn(6, 3, generator=rng)
    labels = torch.randint(5, (6,), generator=rng)
    optimizer = submission.optimizer("SGD", discriminator, lr=RATE)
    submission.call("discriminator_step", generator, discriminator, optimizer, real, labels, noise)
    leaf = rows.clone().requires_grad_()
    fake_logits = ((noise @ weight.T + table[labels]) * leaf[labels]).sum(1)
    real_logits = (real.flatten(1) * leaf[labels]).sum(1)
    loss = (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2
    want = rows - RATE * torch.autograd.grad(loss, leaf)[0]
    expect_close(discriminator.parameters()["table"], want, "the discriminator after the step", forward=False)
    expect(torch.equal(generator.parameters()["table"], table), "the generator moved")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("generator(noise, labels)", "generator(noise, labels.roll(1))", "discriminator after"),
        ("detach(), labels)", "detach(), labels.roll(1))", "discriminator after"),
    ],
)
def test_labels_reach_conditional_networks(verdict, old, new, message):
    assert_verdict(verdict(check_conditional_step, "conditional_gan", old, new), message)


def check_class_accuracy(submission):
    """What share is right follows from the noise that the generator was called with."""
    torch.manual_seed(6)
    weight, table = torch.randn(4, 3), 2 * torch.randn(3, 4)
    local = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(4), nn.Linear(4, 3)).eval()
    local[1].running_mean += 0.5
    layers = submission.layer("Flatten"), submission.layer("BatchNorm1d", 4), submission.layer("Linear", 4, 3)
    network = submission.layer("Sequential", *layers)
    network.load(local.state_dict())
    for training in (True, False):
        generator = submission.probe("LinearConditionalGenerator", weight, table, (1, 2, 2))
        classifier = submission.probe("Recording", network)
        for module in (generator, classifier):
            module.train() if training else module.eval()
        answer = submission.call(
            *("class_accuracy", generator, classifier),
            **{"noise_dim": 3, "classes": 3, "samples": 40, "rng": submission.rng(7)},
        )
        calls = generator.calls()
        noise = torch.cat([call.inputs[0].tensor((None, 3)) for call in calls])
        labels = torch.cat([call.inputs[1].tensor((None,), torch.int64) for call in calls])
        expect_equal(sorted(labels.tolist()), sorted([0, 1, 2] * 40), "labels asked for")
        right = local(noise @ weight.T + table[labels]).argmax(1) == labels
        expect_close(answer.number(), float(right.float().mean()), "the share")
        expect(answer.is_python_float, "the share is no Python float")
        for module in (generator, classifier):
            expect(set(module.modes().values()) == {training}, "a mode is not restored")
            expect(not any(call.training for call in module.calls()), "a network was not in eval mode")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("network.eval()", "pass", "the share"),
        (
            "[(network, network.training) for network in (generator, classifier)]",
            "[(classifier, classifier.training)]",
            "eval",
        ),
        ("network.train(training)", "network.train()", "restored"),
        ("network.train(training)", "pass", "restored"),
        ("right / (classes * samples)", "right / samples", "the share"),
        ("range(classes)", "[0, 1, 1]", "labels"),  # a label beyond the table would raise, which proves nothing
        ("right / (classes * samples)", "torch.tensor(right / (classes * samples))", "expected a number"),
    ],
)
def test_classifiers_cross_the_wall(verdict, old, new, message):
    assert_verdict(verdict(check_class_accuracy, "conditional_gan", old, new), message)


def assert_verdict(said, message):
    assert message in said if message else said == "", said
