"""The two small linear players with which steps and training are tested.

They are public probes in the worker: whatever networks a student has built, steps are judged by themselves. Pictures
have the shape and the range that the notebook promises, since a student may rely on both; but only nine pixels of them
live, all others are zero and weigh nothing, so that updates are those of a small network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, RemoteObject, StudentRaised, Submission
from autograder.suites.vanilla_gan.reference import Parameters

SHAPE = (1, 28, 28)  # of the images
PIXELS = 28 * 28
LIVING = tuple(range(20, PIXELS, 87))  # the nine pixels that are ever anything but zero
NOISE_DIM = 4
GRAPH = "Is something cut off from the graph that has to learn (detach, no_grad), or left frozen by an earlier step?"
MODE = "A step leaves both networks in the mode they are in; only best_samples asks for evaluation mode."
STEEP = 2.0  # the norm of an update that clipping to a norm of one would change
LEARNING_RATE = 1.0  # of the plain gradient descent under which updates are compared: far above float32 rounding


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
        return displacement(self.start, self.parameters())

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


def draw_players(
    submission: Submission, rng: torch.Generator, *, normalised: bool = False, confidence: float = 1.0
) -> Players:
    """New players with random parameters; `normalised`: the discriminator begins with batch norm.

    Logits are about `confidence` in size: a discriminator that is sure of itself moves nothing by more than rounding.
    """
    generator = {
        "weight": 0.5 * embed(torch.randn(len(LIVING), NOISE_DIM, generator=rng)),
        "bias": 0.5 * embed(torch.randn(len(LIVING), generator=rng)),
    }
    drawn = {"weight": embed(torch.randn(len(LIVING), generator=rng)), "bias": torch.randn((), generator=rng)}
    discriminator = {name: 0.3 * confidence * value for name, value in drawn.items()}
    return make_players(submission, generator, discriminator, normalised=normalised)


def make_players(
    submission: Submission, generator: Parameters, discriminator: Parameters, *, normalised: bool = False
) -> Players:
    """New players with these parameters."""
    kind = "NormalisedDiscriminator" if normalised else "LinearDiscriminator"
    norm = {"norm.weight": torch.ones(PIXELS), "norm.bias": torch.zeros(PIXELS)} if normalised else {}
    return Players(
        Player(
            "generator",
            submission.probe("LinearGenerator", generator["weight"], generator["bias"], SHAPE),
            generator,
        ),
        Player(
            "discriminator",
            submission.probe(kind, discriminator["weight"], discriminator["bias"]),
            {**discriminator, **norm},
        ),
    )


def embed(living: Tensor) -> Tensor:
    """Values of the living pixels, (9, ...), among zeros for all others: (784, ...)."""
    return living.new_zeros(PIXELS, *living.shape[1:]).index_copy(0, torch.tensor(LIVING), living)


def draw_images(rng: torch.Generator, count: int) -> Tensor:
    """Real images in [-1, 1], (count, 1, 28, 28), not centred at zero."""
    drawn = 1 - 2 * torch.rand(len(LIVING), count, generator=rng) ** 2  # (9, count)
    return embed(drawn).T.reshape(count, *SHAPE)


def draw_noise(rng: torch.Generator, count: int) -> Tensor:
    """Noise for the players' generator, (count, NOISE_DIM)."""
    return torch.randn(count, NOISE_DIM, generator=rng)


def descent(submission: Submission, player: Player, *, decay: float = 0.0) -> RemoteObject:
    """Plain gradient descent over one player's parameters, or with a weight decay."""
    return submission.optimizer("SGD", player.module, lr=LEARNING_RATE, weight_decay=decay)


@contextmanager
def hinting_at_graph() -> Iterator[None]:
    """A hint for a step that raises because nothing in its graph can learn."""
    try:
        yield
    except StudentRaised as raised:
        if "does not require grad" in raised.text:
            raised.hint = raised.hint or GRAPH
        raise


def clip(update: Tensor) -> Tensor:
    """An update as it would be with its norm clipped to one."""
    return update / max(1.0, float(update.norm()))


def expect_modes(players: Players, learner: Player) -> None:
    """WrongAnswer if a step left a player in evaluation mode, or used the one that learns in evaluation mode."""
    for player in (players.generator, players.discriminator):
        expect(
            player.module.training(), f"the {player.name} came in training mode and was left in evaluation mode", MODE
        )
    used = all(call.training for call in learner.module.calls())
    expect(used, f"the {learner.name} came in training mode and was trained in evaluation mode", MODE)


def displacement(before: Parameters, after: Parameters) -> Tensor:
    """The difference of all parameters, as one vector in the order of their names."""
    return flat({name: after[name].double() - before[name].double() for name in before})


def settle(movement: Tensor) -> Tensor:
    """A movement, without what the rounding of float32 parameters of about one in size makes of none."""
    return torch.where(movement.abs() < 5e-7, 0.0, movement)


def flat(parameters: Parameters) -> Tensor:
    """All parameters as one vector in the order of their names."""
    return torch.cat([parameters[name].double().flatten() for name in sorted(parameters)])
