"""Hidden tests of evaluate, on small generators whose mode shows in what they draw."""

import copy

import pytest
import torch
from torch import nn

from autograder.compare import expect, expect_close, hinting
from autograder.suites.pix2pix import follow_through, reference

NAME = "evaluate"
MODE_HINT = "Did you switch the generator to evaluation mode, and each of its modules back to its own mode?"
BARE_HINT = "Is the result a number, also for a generator without batch norm? Not every network has buffers."
SAME = "the result is the same for other photos, so there is nothing else to look at"
PHOTOS_HINT = "Is every picture of the loader compared with its own photo?"
SIZE = 4


class Rehearsal:
    """A generator in the worker, its twin here, and a loader of pairs: the last batch is smaller.

    normalised: with batch norm; dropout: with that, too; odd: the place of a layer that is held, for a mode of its own.
    """

    def __init__(self, submission, rng, sizes=(4, 4, 3), *, normalised=True, dropout=False, listed=False, odd=None):
        self.submission = submission
        norms, drops = [("BatchNorm2d", 3)] * normalised, [("Dropout", 0.5)] * dropout
        layers = [*norms, ("Conv2d", 3, 3, 3, 1, 1), *drops]
        self.odd = None if odd is None else submission.layer(*layers[odd])
        made = [self.odd if place == odd else layer for place, layer in enumerate(layers)]
        self.module = submission.probe("Recording", submission.layer("Sequential", *made), ("sketch",))
        self.twin = nn.Sequential(*(getattr(nn, kind)(*args) for kind, *args in layers)).eval()
        with torch.no_grad():
            for name, value in self.twin.state_dict().items():
                if value.is_floating_point():
                    value.copy_(0.4 * torch.randn(value.shape, generator=rng) + (name != "1.bias"))
                    if name.endswith("var"):
                        value.abs_().add_(0.5)
        self.module.load({f"layer.{name}": value for name, value in self.twin.state_dict().items()})
        total = sum(sizes)
        self.sketches = torch.randn(total, 3, SIZE, SIZE, generator=rng)
        spread = torch.linspace(0.2, 4.0, total)[:, None, None, None]  # unlike pictures: it shows how they are weighed
        with torch.no_grad():
            self.photos = self.twin(self.sketches) + spread * torch.randn(total, 3, SIZE, SIZE, generator=rng)
        self.sizes = sizes
        if listed:
            self.loader = list(zip(self.sketches.split(sizes), self.photos.split(sizes), strict=True))
        else:
            self.loader = submission.probe("make_loader", self.sketches, self.photos, batch_size=sizes[0])

    def ask(self):
        return self.submission.call(NAME, self.module, self.loader)

    def losses(self, *, training=False, loss=reference.l1_loss):
        """Of each batch."""
        network = copy.deepcopy(self.twin).train() if training else self.twin
        with torch.no_grad():
            fakes = [network(sketch) for sketch in self.sketches.split(self.sizes)]
        return [loss(fake, photo) for fake, photo in zip(fakes, self.photos.split(self.sizes), strict=True)]

    def mean(self, **options):
        """Over all pictures."""
        return self.weigh(torch.stack(self.losses(**options)))

    def weigh(self, batches):
        """The mean over all pictures of the means over batches."""
        weights = torch.tensor(self.sizes, dtype=torch.float64)
        return (batches.double() * weights).sum() / weights.sum()

    def check(self, got, what):
        batches = torch.stack(self.losses())
        values = self.photos[0].numel()
        want = self.weigh(batches)
        with torch.no_grad():
            gaps = (self.twin(self.sketches) - self.photos).double()
        expect_close(
            got,
            want,
            what,
            mistakes={
                "Is it the mean over pictures? The last batch is smaller, its pictures count no more than others.": (
                    batches.mean()
                ),
                "Is it the sum of the batches' means that is divided by the number of pictures?": batches.sum()
                / len(self.photos),
                "Did you sum over pictures instead of averaging?": want * len(self.photos),
                "Did you add up the batches' means?": batches.sum(),
                "Did you sum over the values of a picture? The mean is over values and pictures.": want * values,
                "Is the sum divided by the number of batches?": want * len(self.photos) / len(self.sizes),
                "Is it the last batch only?": batches[-1],
                "Is it the first batch only?": batches[0],
                "Are all batches taken for as large as the first one?": want
                * len(self.photos)
                / (self.sizes[0] * len(self.sizes)),
                "Is it the absolute difference? This is its square.": gaps.square().mean(),
                "Is it the sketch that was compared with the photo?": reference.l1_loss(self.sketches, self.photos),
                "Is there a weight on it? It is the mean difference alone.": reference.L1_WEIGHT * want,
                MODE_HINT: lambda: self.mean(training=True),
            },
            own=lambda: self.mean(loss=follow_through.l1_loss(self.submission)),
        )


def expect_asked(rehearsal, got):
    """WrongAnswer if the number has nothing to do with the photos: a constant leaves nothing else to look at."""
    other = rehearsal.submission.probe("make_loader", rehearsal.sketches[:2], rehearsal.photos[:2] + 9, batch_size=2)
    again = rehearsal.submission.call(NAME, rehearsal.module, other).number(tensor_ok=True)
    expect(again != got, SAME, PHOTOS_HINT)


def expect_evaluated(rehearsal):
    """WrongAnswer if the generator was asked in training mode; a copy of it leaves no calls."""
    calls = rehearsal.module.calls()
    expect(not any(call.training for call in calls), "the generator was asked in training mode", MODE_HINT)


def is_same(one, other):
    """The same tensor, type and shape included."""
    return (one.dtype, one.shape) == (other.dtype, other.shape) and torch.equal(one, other)


@pytest.mark.points(2)
def test_mean_over_pictures(submission, rng):
    """It is the mean over all pictures, whatever the sizes of the batches"""
    for sizes, listed, normalised in (
        *(((4, 4, 1), False, True), ((2, 5, 1), True, True), ((3, 3), False, True)),
        ((1,), True, False),
    ):
        rehearsal = Rehearsal(submission, rng, sizes, listed=listed, normalised=normalised)
        rehearsal.module.eval()
        with hinting("Is the result a number?" if normalised else BARE_HINT, errors=not normalised):
            got = rehearsal.ask().number(tensor_ok=True)
        rehearsal.check(got, f"mean over {len(sizes)} batches")


@pytest.mark.points(1)
def test_evaluation_mode(submission, rng):
    """The generator is in evaluation mode meanwhile: nothing random, no statistics of the batch"""
    rehearsal = Rehearsal(submission, rng, dropout=True)
    before = rehearsal.module.buffers()
    got = rehearsal.ask().number(tensor_ok=True)
    expect_evaluated(rehearsal)
    rehearsal.check(got, "mean for a generator in training mode")
    after = rehearsal.module.buffers()
    same = after.keys() == before.keys() and all(is_same(after[name], before[name]) for name in before)
    expect(same, "statistics of the batch norm in the generator changed", MODE_HINT)


@pytest.mark.points(1)
def test_modes_come_back(submission, rng):
    """Afterwards every module of the generator is in the mode it was in"""
    seen = set()
    for mode, odd in ((True, None), (False, None), (True, 0), (False, 2)):
        rehearsal = Rehearsal(submission, rng, dropout=True, odd=odd)
        rehearsal.module.train() if mode else rehearsal.module.eval()
        if odd is not None:
            rehearsal.odd.eval() if mode else rehearsal.odd.train()
        before = rehearsal.module.modes()
        seen.add(rehearsal.ask().number(tensor_ok=True))
        after = rehearsal.module.modes()
        came, left = ("training" if modes[""] else "evaluation" for modes in (before, after))
        expect(came == left, f"the generator came in {came} mode and was left in {left} mode", MODE_HINT)
        expect(after == before, "modules of the generator have other modes than before", MODE_HINT)
    expect(len(seen) > 1, SAME, PHOTOS_HINT)


@pytest.mark.points(1)
def test_no_gradient(submission, rng):
    """No gradient is recorded, and nothing is trained"""
    rehearsal = Rehearsal(submission, rng)
    before = rehearsal.module.parameters()
    got = rehearsal.ask().number(tensor_ok=True)
    expect_asked(rehearsal, got)
    recorded = any(call.grad_enabled and not call.frozen for call in rehearsal.module.calls())
    expect(not recorded, "the generator was asked with gradients switched on", "Did you switch the gradient off?")
    after = rehearsal.module.parameters()
    same = after.keys() == before.keys() and all(is_same(after[name], before[name]) for name in before)
    expect(same, "the generator's parameters changed", "Is anything trained or set in the generator?")
    left = any(gradient is not None for gradient in rehearsal.module.gradients().values())
    expect(not left, "the generator has gradients afterwards", "Did you switch the gradient off?")
    learns = all(rehearsal.module.requires_grad_flags().values())
    learns = learns and rehearsal.module(rehearsal.sketches[:1]).requires_grad
    expect(learns, "the generator cannot be trained any more", "Is the gradient switched on again afterwards?")


@pytest.mark.points(1)
def test_python_float(submission, rng):
    """The result is a Python float"""
    rehearsal = Rehearsal(submission, rng, (3, 2))
    rehearsal.module.eval()
    answer = rehearsal.ask()
    expect_asked(rehearsal, answer.number(tensor_ok=True))
    expect(
        answer.is_python_float,
        f"expected a Python float, got {answer.described}",
        "Did you take the number out of the tensor?",
    )
