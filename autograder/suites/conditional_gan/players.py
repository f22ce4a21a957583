"""The two small linear players with which the steps are tested, both told a label.

They are public probes in the worker: whatever networks a student has built, steps are judged by themselves.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, RemoteObject, Submission
from autograder.suites.conditional_gan.reference import Parameters

SHAPE = (1, 28, 28)  # of the images
PIXELS = 784
NOISE_DIM = 4
CLASSES = 10  # as many as in the notebook: labels that somebody makes up exist
LEARNING_RATE = 1.0  # of the plain gradient descent under which updates are compared: far above float32 rounding
UNBOUNDED = "Is the loss computed from the logits themselves? log(sigmoid(x)) does not survive large ones."
MODE = "A step leaves both networks in the mode they are in; only class_grid and class_accuracy ask for another one."


@dataclass(frozen=True)
class Player:
    """A network in the worker and the parameters it was given; whatever comes back has their names and shapes."""

    name: str
    module: RemoteModule
    start: Parameters

    def parameters(self) -> Parameters:
        """Its parameters now; WrongAnswer if they are no longer those of the network that was handed over."""
        found = self.module.parameters()
        intact = {name: (value.shape, value.dtype) for name, value in found.items()} == {
            name: (value.shape, value.dtype) for name, value in self.start.items()
        }
        expect(intact, f"the {self.name} has other parameters than before, by name, shape or type")
        return found

    def moved(self) -> Tensor:
        """How far each of its parameters is from its start, as one vector."""
        return flat(self.parameters()) - flat(self.start)

    def gradients(self) -> dict[str, Tensor | None]:
        """The gradient of each of its parameters."""
        found = self.module.gradients()
        expect(found.keys() == self.start.keys(), f"the {self.name} has other parameters than before")
        return found

    def requires_grad_flags(self) -> dict[str, bool]:
        """Whether each of its parameters can learn."""
        found = self.module.requires_grad_flags()
        expect(found.keys() == self.start.keys(), f"the {self.name} has other parameters than before")
        return found


@dataclass(frozen=True)
class Players:
    """Both of them."""

    generator: Player
    discriminator: Player

    @property
    def modules(self) -> tuple[RemoteModule, RemoteModule]:
        """What to hand to the student's functions: generator, discriminator."""
        return self.generator.module, self.discriminator.module

    @property
    def start(self) -> tuple[Parameters, Parameters]:
        """The parameters of generator and discriminator before anything happened."""
        return self.generator.start, self.discriminator.start


def draw_players(submission: Submission, rng: torch.Generator) -> Players:
    """New players with random parameters; logits are about one in size, and fakes lie in [-1, 1] as pictures do."""
    generator = {
        "weight": 0.1 * torch.rand(PIXELS, NOISE_DIM, generator=rng) - 0.05,  # a noise vector adds less than 0.5
        "table": torch.rand(CLASSES, PIXELS, generator=rng) - 0.5,
    }
    discriminator = {"table": 0.05 * torch.randn(CLASSES, PIXELS, generator=rng)}
    return Players(
        Player(
            "generator",
            submission.probe("LinearConditionalGenerator", generator["weight"], generator["table"], SHAPE),
            generator,
        ),
        Player(
            "discriminator",
            submission.probe("LinearConditionalDiscriminator", discriminator["table"]),
            discriminator,
        ),
    )


def draw_images(rng: torch.Generator, count: int) -> Tensor:
    """Real images in [-1, 1], (count, 1, 28, 28), not centred at zero."""
    return 1.6 * torch.rand(count, *SHAPE, generator=rng) - 0.6


def draw_noise(rng: torch.Generator, count: int) -> Tensor:
    """Noise for the players' generator, (count, NOISE_DIM)."""
    return torch.randn(count, NOISE_DIM, generator=rng)


def draw_labels(rng: torch.Generator, count: int) -> Tensor:
    """Labels, (count,); with at least two samples, more than one class, and neither end reads like the other."""
    while True:
        labels = torch.randint(CLASSES, (count,), generator=rng)
        if count == 1 or not torch.equal(labels, labels.flip(0)):
            return labels


def draw_one_class(rng: torch.Generator, count: int) -> Tensor:
    """Labels, (count,), all of one class: who confuses labels confuses nothing here."""
    return draw_labels(rng, 1).expand(count).clone()


def descent(submission: Submission, player: Player, *, decay: float = 0.0) -> RemoteObject:
    """Plain gradient descent over one player's parameters, or with a weight decay."""
    return submission.optimizer("SGD", player.module, lr=LEARNING_RATE, weight_decay=decay)


def expect_moved(player: Player, hint: str) -> None:
    """A step that does nothing leaves no trace either: that earns nothing."""
    moved = player.moved()
    happened = bool(moved.isfinite().all() and moved.any())
    expect(happened, f"the {player.name} did not move, so there is nothing else to look at", hint)


def expect_modes(players: Players) -> None:
    """WrongAnswer if a step used a player in evaluation mode or left it there: both came in training mode.

    Who sets training mode in each step, whatever the mode was, is let be.
    """
    for player in (players.generator, players.discriminator):
        left = player.module.training()
        expect(left, f"the {player.name} came in training mode and was left in evaluation mode", MODE)
        used = all(call.training for call in player.module.calls())  # no calls where a copy worked
        expect(used, f"the {player.name} came in training mode and worked in evaluation mode", MODE)


def settle(movement: Tensor) -> Tensor:
    """A movement, without what the rounding of float32 parameters of about one in size makes of none."""
    return torch.where(movement.abs() < 5e-7, 0.0, movement)


def flat(parameters: Parameters) -> Tensor:
    """All parameters as one vector in the order of their names."""
    return torch.cat([parameters[name].double().flatten() for name in sorted(parameters)])
