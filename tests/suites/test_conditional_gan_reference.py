"""The hidden reference of the conditional GAN against PyTorch and the notebook's solution."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.suites.conditional_gan import networks, reference
from autograder.suites.conditional_gan.exam import draw_painted
from autograder.suites.conditional_gan.networks import labels_matter, labels_meet_pictures
from tests.suites.solutions import assert_close, load_solution

CLASSES, NOISE_DIM, SHAPE = 5, 4, (1, 3, 3)


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(6)


@pytest.fixture
def solution():
    return load_solution("conditional_gan", "losses")


class Generator(nn.Module):
    """The linear generator, as a module of the notebook's side."""

    def __init__(self, rng):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(9, NOISE_DIM, generator=rng))
        self.table = nn.Parameter(torch.randn(CLASSES, 9, generator=rng))

    def forward(self, noise, labels):
        return (F.linear(noise, self.weight) + F.embedding(labels, self.table)).view(-1, *SHAPE)


class Discriminator(nn.Module):
    """The linear discriminator, as a module of the notebook's side."""

    def __init__(self, rng):
        super().__init__()
        self.table = nn.Parameter(0.3 * torch.randn(CLASSES, 9, generator=rng))

    def forward(self, images, labels):
        return (images.flatten(1) @ self.table.T).gather(1, labels[:, None])[:, 0]


def parameters_of(module):
    return {name: value.detach().clone() for name, value in module.named_parameters()}


@pytest.mark.parametrize(("count", "classes"), [(1, 10), (7, 3), (96, 17)])
def test_one_hot_is_that_of_pytorch_and_of_the_notebook(rng, solution, count, classes):
    labels = torch.randint(classes, (count,), generator=rng)
    vectors = reference.one_hot(labels, classes)
    assert vectors.dtype == torch.float32
    assert torch.equal(vectors, F.one_hot(labels, classes).float())
    assert torch.equal(vectors, solution["one_hot"](labels, classes))


def test_players_compute_what_modules_of_the_same_parameters_do(rng):
    generator, discriminator = Generator(rng), Discriminator(rng)
    noise, labels = torch.randn(6, NOISE_DIM, generator=rng), torch.tensor([0, 4, 1, 1, 3, 0])
    images = generator(noise, labels)
    assert_close(reference.linear_images(parameters_of(generator), noise, labels), images.flatten(1))
    assert_close(reference.linear_logits(parameters_of(discriminator), images, labels), discriminator(images, labels))


@pytest.mark.parametrize("count", [1, 6])
def test_steps_agree_with_the_notebook_under_gradient_descent(rng, solution, count):
    generator, discriminator = Generator(rng), Discriminator(rng)
    real, noise = torch.randn(count, *SHAPE, generator=rng), torch.randn(count, NOISE_DIM, generator=rng)
    labels = torch.randint(CLASSES, (count,), generator=rng)
    for name, learner, batch in (
        ("discriminator_step", discriminator, (real, labels, noise)),
        ("generator_step", generator, (labels, noise)),
    ):
        before = parameters_of(generator), parameters_of(discriminator)
        optimizer = torch.optim.SGD(learner.parameters(), lr=0.1)
        loss = solution[name](generator, discriminator, optimizer, *batch)
        step = getattr(reference, name)(*before, *batch)
        assert_close(loss, step.loss)
        own = before[0] if learner is generator else before[1]
        for key, value in learner.named_parameters():
            assert_close(value, own[key] - 0.1 * step.gradients[key])


def test_gradients_written_out_are_those_of_autograd_for_mistakes_too(rng):
    generator, discriminator = parameters_of(Generator(rng)), parameters_of(Discriminator(rng))
    real, noise = torch.randn(6, *SHAPE, generator=rng), torch.randn(6, NOISE_DIM, generator=rng)
    labels, others = torch.tensor([0, 4, 1, 1, 3, 0]), torch.tensor([2, 4, 0, 1, 1, 3])
    table = discriminator["table"].double().requires_grad_()
    mixed = {"painted_for": others, "judged_as": labels.flip(0), "real_judged_as": others.flip(0)}
    fake_logits = reference.linear_logits(
        {"table": table}, reference.linear_images(generator, noise, others), labels.flip(0)
    )
    real_logits = reference.linear_logits({"table": table}, real, others.flip(0))
    loss = 0.3 * F.softplus(real_logits).mean() + 0.7 * F.softplus(-fake_logits).mean()
    step = reference.discriminator_step(
        generator, discriminator, real, labels, noise, **mixed, weights=(0.3, 0.7), targets=(0.0, 1.0)
    )
    assert_close(step.loss, loss)
    assert_close(step.gradients["table"], torch.autograd.grad(loss, table)[0])
    leaves = {name: value.double().requires_grad_() for name, value in generator.items()}
    for saturating in (False, True):
        logits = reference.linear_logits(discriminator, reference.linear_images(leaves, noise, others), labels)
        loss = -F.softplus(logits).mean() if saturating else F.softplus(-logits).mean()
        step = reference.generator_step(
            generator, discriminator, labels, noise, painted_for=others, saturating=saturating
        )
        assert_close(step.loss, loss)
        for name, slope in zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True):
            assert_close(step.gradients[name], slope)


@pytest.mark.parametrize(("classes", "right"), [(10, 7), (4, 0), (3, 1), (5, 5)])
def test_painted_classes_are_right_as_often_as_asked(rng, classes, right):
    painted = draw_painted(rng, classes, right)
    assert sorted(painted.tolist()) == list(range(classes))
    assert int((painted == torch.arange(classes)).sum()) == right


def test_a_label_that_is_only_added_does_not_meet_the_picture(rng):
    scores, shift = torch.randn(6, 1, generator=rng), torch.randn(1, 10, generator=rng)
    added = (scores + shift).double()
    assert labels_matter(added)
    assert not labels_meet_pictures(added)
    assert not labels_matter(scores.expand(6, 10).double())
    assert labels_meet_pictures(added + 1e-3 * torch.randn(6, 10, generator=rng))


def test_rounding_is_no_difference_between_pictures(rng):
    picture = torch.randn(1, 1, 28, 28, generator=rng)
    nearly = picture * (1 + 1e-7 * torch.randn(5, 1, 28, 28, generator=rng))
    assert not networks.are_apart(nearly)
    assert not networks.differ(nearly, picture.expand(5, -1, -1, -1))
    changed = nearly + 1e-4 * torch.randn(5, 1, 28, 28, generator=rng)
    assert networks.are_apart(changed)
    assert networks.differ(nearly, changed)
