"""A conditional generator whose pictures tell label and noise to whoever knows its directions."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, Submission

SHAPE = (1, 28, 28)
PIXELS = 784
AWAY = 50.0  # what the batch norm in front of a canvas takes off the noise in evaluation mode; none of it in training
FOREIGN_HINT = "Are these the pictures of the generator, as it made them?"
TYPE_HINT = "Labels of a generator are int64, as torch.arange makes them: do yours stay so?"
MODE_HINT = "Did you switch to evaluation mode, and each module back to the mode it came in?"


@dataclass
class Canvas:
    """Orthonormal directions: one for each number of the noise, and one on which each label has a level of its own.

    There are more levels than classes are asked for: the generator could paint others, too.
    normalised: behind a batch norm, `norm`; the noise in its pictures is then AWAY lower, in evaluation mode only.
    """

    submission: Submission
    rng: torch.Generator
    noise_dim: int
    classes: int
    device: str = "cpu"
    normalised: bool = False
    module: RemoteModule = field(init=False)
    norm: RemoteModule = field(init=False)

    def __post_init__(self) -> None:
        size = self.noise_dim + 1
        directions = torch.linalg.qr(torch.randn(PIXELS, size, generator=self.rng))[0]  # (pixels, noise_dim + 1)
        self.noise_directions, self.label_direction = directions[:, :-1], directions[:, -1]
        self.levels = 3.0 * (torch.randperm(self.classes + 2, generator=self.rng) + 1)  # (classes + 2,)
        table = self.levels[:, None] * self.label_direction
        given = self.noise_directions.to(self.device), table.to(self.device), SHAPE
        if self.normalised:
            self.norm = self.submission.layer("BatchNorm1d", self.noise_dim)
            self.norm.load({"running_mean": torch.full((self.noise_dim,), AWAY)})
            self.module = self.submission.probe("NormalisedConditionalGenerator", self.norm, *given)
        else:
            self.module = self.submission.probe("LinearConditionalGenerator", *given)

    def read(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (n, 1, 28, 28) -> labels (n,), noise (n, noise_dim). WrongAnswer if they are of another hand."""
        flat = images.flatten(1)
        noise, level = flat @ self.noise_directions, flat @ self.label_direction
        labels = (level[:, None] - self.levels).abs().argmin(1)
        painted = noise @ self.noise_directions.T + self.levels[labels][:, None] * self.label_direction
        own = bool(((flat - painted).abs() < 1e-3).all())
        expect(own, "the result holds pictures that the generator did not paint", FOREIGN_HINT)
        return labels, noise


def expect_standard_normal(noise: Tensor, what: str = "the noise") -> None:
    """WrongAnswer if many numbers (a thousand or more) are not those of a standard normal distribution."""
    mean, spread = float(noise.mean()), float(noise.std())
    hint = "Is the noise standard normal, as that of the training?"
    expect(abs(mean) < 0.25 and 0.75 < spread < 1.25, f"{what} has mean {mean:.1f} and deviation {spread:.1f}", hint)


def draw_seed(rng: torch.Generator) -> int:
    """A seed for a generator in the worker."""
    return int(torch.randint(2**31, (1,), generator=rng))
