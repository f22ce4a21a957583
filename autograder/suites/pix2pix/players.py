"""The two small networks with which steps and evaluation are tested: convolutions behind the recording probe.

They are public probes in the worker. Here each has a twin in float64, run with the parameters that the probe has.
"""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.func import functional_call

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, RemoteObject, Submission
from autograder.suites.pix2pix import reference

Parameters = dict[str, Tensor]

# Of the plain gradient descent under which updates are compared: they are far above float32 rounding, and small enough
# for logits of moderate size in the next step, too. A loss that overflows costs its points where it is asked.
LEARNING_RATE = 0.03
SIZE = 6  # pixels, height and width
MODE = "A step leaves both networks in the mode they are in; only evaluate asks for evaluation mode."
GENERATOR = (("Conv2d", 3, 3, 3, 1, 1),)
DISCRIMINATOR = (("Conv2d", 6, 1, 4, 2, 1),)
NORMALISED = (("BatchNorm2d", 6), *DISCRIMINATOR)


@dataclass(frozen=True)
class Player:
    """A network in the worker, its twin, and the parameters it was given."""

    name: str
    module: RemoteModule
    twin: nn.Module
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

    def run(self, parameters: Parameters, *inputs: Tensor) -> Tensor:
        """What it makes of these inputs with these parameters, in training mode; several are concatenated."""
        together = torch.cat([value.double() for value in inputs], dim=1)
        own = {name.removeprefix("layer."): value.double() for name, value in parameters.items()}
        result: Tensor = functional_call(self.twin, own, (together,))
        return result


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


@dataclass(frozen=True)
class Step:
    """One update: the loss before it, and where plain gradient descent leads, as one vector."""

    loss: Tensor
    movement: Tensor


def draw_players(submission: Submission, rng: torch.Generator, *, normalised: bool = False) -> Players:
    """New players with random parameters; `normalised`: the discriminator begins with batch norm."""
    return Players(
        draw_player(submission, rng, "generator", GENERATOR, ("sketch",)),
        draw_player(submission, rng, "discriminator", NORMALISED if normalised else DISCRIMINATOR, ("sketch", "photo")),
    )


@cache
def make_twin(layers: tuple[tuple[object, ...], ...]) -> nn.Module:
    """These layers of torch.nn in float64; made once, as they only ever run with parameters that are given."""
    return nn.Sequential(*(getattr(nn, str(kind))(*args) for kind, *args in layers)).double()


def draw_player(
    submission: Submission,
    rng: torch.Generator,
    name: str,
    layers: tuple[tuple[object, ...], ...],
    names: tuple[str, ...],
) -> Player:
    """A new player of these layers of torch.nn, its parameters drawn."""
    module = submission.probe("Recording", submission.layer("Sequential", *layers), names)
    twin = make_twin(layers)
    start = {}
    for key, value in twin.named_parameters():
        centre = 1.0 if key.endswith("weight") and value.dim() == 1 else 0.0  # of a batch norm's weights
        start[f"layer.{key}"] = centre + 0.3 * torch.randn(value.shape, generator=rng)
    module.load(start)
    return Player(name, module, twin, start)


def draw_pair(rng: torch.Generator, count: int, size: int = SIZE) -> tuple[Tensor, Tensor]:
    """Sketch and photo, (count, 3, size, size) each, not centred at zero."""
    sketch, photo = torch.randn(2, count, 3, size, size, generator=rng).unbind()
    return sketch + 0.5, photo - 0.3


def discriminator_step(
    players: Players,
    parameters: tuple[Parameters, Parameters],
    sketch: Tensor,
    photo: Tensor,
    loss: reference.Loss = reference.discriminator_loss,
    *,
    together: bool = False,
    photo_first: bool = False,
    unconditional: bool = False,
) -> Step:
    """What a step does to the discriminator; with the mistakes of one batch for both, of other conditions."""
    generator, discriminator = parameters
    fake = players.generator.run(generator, sketch).detach()
    leaves = {name: value.double().requires_grad_() for name, value in discriminator.items()}

    def judge(*pair: Tensor) -> Tensor:
        condition = pair[1] if unconditional else pair[0]
        return players.discriminator.run(leaves, *((pair[1], condition) if photo_first else (condition, pair[1])))

    if together:
        both = judge(torch.cat([sketch, sketch]), torch.cat([photo.double(), fake]))
        value = loss(both[: len(sketch)], both[len(sketch) :])
    else:
        value = loss(judge(sketch, photo), judge(sketch, fake))
    return _descend(value, leaves)


def generator_step(
    players: Players,
    parameters: tuple[Parameters, Parameters],
    sketch: Tensor,
    photo: Tensor,
    loss: reference.Loss = reference.generator_loss,
    *,
    photo_first: bool = False,
) -> Step:
    """What a step does to the generator, through a discriminator that stays."""
    generator, discriminator = parameters
    leaves = {name: value.double().requires_grad_() for name, value in generator.items()}
    fake = players.generator.run(leaves, sketch)
    pair = (fake, sketch) if photo_first else (sketch, fake)
    return _descend(loss(players.discriminator.run(discriminator, *pair), fake, photo), leaves)


def _descend(loss: Tensor, leaves: Parameters) -> Step:
    slopes = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return Step(loss.detach(), -LEARNING_RATE * flat(dict(zip(leaves, slopes, strict=True))))


def descent(submission: Submission, player: Player, *, decay: float = 0.0) -> RemoteObject:
    """Plain gradient descent over one player's parameters, or with a weight decay."""
    return submission.optimizer("SGD", player.module, lr=LEARNING_RATE, weight_decay=decay)


def set_modes(players: Players, *, training: bool) -> None:
    """Put both networks into one mode."""
    for player in (players.generator, players.discriminator):
        player.module.train() if training else player.module.eval()


def expect_modes(players: Players, *, training: bool) -> None:
    """WrongAnswer if a step left a player in another mode than it came in, or used it in another one meanwhile."""
    came = "training" if training else "evaluation"
    for player in (players.generator, players.discriminator):
        left = "training" if player.module.training() else "evaluation"
        expect(left == came, f"the {player.name} came in {came} mode and was left in {left} mode", MODE)
        used = all(call.training == training for call in player.module.calls())
        expect(used, f"the {player.name} came in {came} mode and was used in another one", MODE)


def settle(movement: Tensor) -> Tensor:
    """A movement, without what the rounding of float32 parameters of about one in size makes of none."""
    return torch.where(movement.abs() < 5e-7, 0.0, movement)


def flat(parameters: Parameters) -> Tensor:
    """All parameters as one vector in the order of their names."""
    return torch.cat([parameters[name].double().flatten() for name in sorted(parameters)])
