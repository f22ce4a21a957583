"""A generator and a classifier whose agreement is known: for class_accuracy.

The generator paints templates, one for each class that it is asked for, with noise on them; the classifier measures how
much of each template a picture holds. Its batch norm takes away exactly what a bias adds behind it: in evaluation mode.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from autograder.compare import expect, expect_close
from autograder.sandbox.answer import Answer
from autograder.sandbox.proxy import RemoteModule, RemoteObject, Submission
from autograder.suites.conditional_gan.canvas import PIXELS, SHAPE

NAME = "class_accuracy"
STRENGTH = 5.0  # of a template in a picture
LOUD = 20.0  # noise on the templates that decides alone, unless a batch norm in front of the generator divides it
WIDE = 1000.0  # by this: the standard deviation that it knows, in evaluation mode
BIAS = 20.0  # of the classifier: it decides alone unless batch norm takes it away


@dataclass
class Exam:
    """`painted`: the class that is painted for each label. `noise`: how much of it lies on the templates.

    Without noise on the templates the share follows from `painted` alone. normalised: so it does with LOUD noise and
    a batch norm in the generator, in evaluation mode.
    """

    submission: Submission
    rng: torch.Generator
    painted: Tensor
    noise_dim: int = 6
    noise: float = 0.0
    device: str = "cpu"
    normalised: bool = False
    generator: RemoteModule = field(init=False)
    classifier: RemoteModule = field(init=False)
    norm: RemoteModule = field(init=False)

    def __post_init__(self) -> None:
        classes, rng = self.classes, self.rng
        drawn = torch.randn(PIXELS, classes + self.noise_dim, generator=rng)
        drawn[:, 0] = 1  # the first template is as bright everywhere: pictures that are made brighter hold more of it
        directions = torch.linalg.qr(drawn)[0]
        templates, elsewhere = directions[:, :classes], directions[:, classes:]  # (pixels, …)
        self.mixing = self.noise * torch.randn(classes, self.noise_dim, generator=rng)
        bias = BIAS * torch.randn(classes, generator=rng)
        weight = elsewhere + templates @ self.mixing  # (pixels, noise_dim)
        table = STRENGTH * templates.T[self.painted]  # (classes, pixels)
        given = weight.to(self.device), table.to(self.device), SHAPE
        if self.normalised:
            norm = self.submission.layer("BatchNorm1d", self.noise_dim)
            norm.load({"running_var": torch.full((self.noise_dim,), WIDE**2)})
            self.generator = self.submission.probe("NormalisedConditionalGenerator", norm, *given)
        else:
            self.generator = self.submission.probe("LinearConditionalGenerator", *given)
        self.norm = self.submission.layer("BatchNorm1d", PIXELS)
        layers = self.submission.layer("Sequential", ("Flatten",), self.norm, ("Linear", PIXELS, classes))
        layers.load({"1.running_mean": templates @ bias, "2.weight": templates.T.contiguous(), "2.bias": bias})
        self.classifier = self.submission.probe("Recording", layers)
        if self.device != "cpu":
            self.classifier.method("to", self.device)

    @property
    def classes(self) -> int:
        return len(self.painted)

    def ask(self, samples: int, seed: int | None = None, rng: RemoteObject | None = None) -> Answer:
        """What the student's function says, its noise from a new rng of this seed, from `rng`, or from neither."""
        drawn = self.submission.rng(seed) if seed is not None else rng
        options = {"noise_dim": self.noise_dim, "classes": self.classes, "samples": samples}
        return self.submission.call(
            NAME, self.generator, self.classifier, **options, **({} if drawn is None else {"rng": drawn})
        )

    def asked(self) -> tuple[Tensor, Tensor] | None:
        """The labels (n,) and the noise (n, noise_dim) that the generator was given; None where a copy painted."""
        calls = self.generator.calls()
        if not calls:
            return None
        given = [
            (call.inputs[1].tensor((None,), None), call.inputs[0].tensor((None, self.noise_dim), None))
            for call in calls
            if len(call.inputs) == 2
        ]
        labels, noise = (torch.cat(parts) for parts in zip(*given, strict=True))
        expect(len(labels) == len(noise), "the generator was not given as many labels as noise vectors")
        return labels.long(), noise.float()

    def expect_worked(self, got: float, hint: str = "") -> None:
        """WrongAnswer unless the generator was asked; where a copy painted, the share tells (without noise)."""
        if not self.generator.calls():
            share = float((self.painted == torch.arange(self.classes)).double().mean())
            expect_close(got, share, "share by networks that nobody asked", hint=hint)

    def share(self, labels: Tensor, noise: Tensor) -> tuple[float, float, float]:
        """The share of right guesses: (if all ties are lost, as it is, if all ties are won). Rounding makes ties."""
        hold = noise.double() @ self.mixing.T.double()  # (n, classes), of each template
        hold += STRENGTH * torch.nn.functional.one_hot(self.painted[labels], self.classes)
        wanted = hold.gather(1, labels[:, None])[:, 0]
        rivals = hold.scatter(1, labels[:, None], -torch.inf).amax(1)
        return (
            float((wanted > rivals + 1e-3).double().mean()),
            float((wanted > rivals).double().mean()),
            float((wanted > rivals - 1e-3).double().mean()),
        )


def draw_painted(rng: torch.Generator, classes: int, right: int) -> Tensor:
    """Which class is painted for each label: `right` of them as asked for; `classes - right` is not 1."""
    painted = torch.arange(classes)
    wrong = torch.randperm(classes, generator=rng)[right:]
    painted[wrong] = wrong.roll(1)
    return painted
