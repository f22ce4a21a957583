"""The four small networks with which objectives and steps are tested: convolutions behind the recording probe.

They are public probes in the worker. Here each has a twin in float64, run with the parameters that the probe has.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from autograder.compare import expect
from autograder.sandbox.proxy import RemoteModule, RemoteObject, Submission

Parameters = dict[str, Tensor]

NAMES = ("g_ab", "g_ba", "d_a", "d_b")  # as the functions take them
GENERATORS, DISCRIMINATORS = NAMES[:2], NAMES[2:]
LEARNING_RATE = 1.0  # of the plain gradient descent under which updates are compared: far above float32 rounding
CHANNELS, SIZE = 3, 6
STALE = 0.5  # what stands in .grad where old gradients are looked at
ALONE_HINT = "Does it only compute the loss? Gradients, flags and modes of the networks are the business of the step."
JUDGE = (("Conv2d", CHANNELS, 1, 3, 1, 1),)
MAKER = (("Conv2d", CHANNELS, CHANNELS, 3, 1, 1), ("Tanh",))  # what generators make lies in [-1, 1]
LAYERS = {name: MAKER if name in GENERATORS else JUDGE for name in NAMES}
NORMALISED = (("BatchNorm2d", CHANNELS), *LAYERS["d_a"])


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
        expect(intact, f"{self.name} has other parameters than before, by name, shape or type")
        return found

    def run(self, parameters: Parameters, x: Tensor) -> Tensor:
        """What it makes of x with these parameters, in training mode."""
        own = {name.removeprefix("layer."): value.double() for name, value in parameters.items()}
        result: Tensor = functional_call(self.twin, own, (x.double(),))
        return result

    def restore(self) -> None:
        """Back to the start, all flags on."""
        self.module.load(self.start)
        self.module.freeze(False)


def draw_player(
    submission: Submission, rng: torch.Generator, name: str, layers: tuple[tuple[object, ...], ...] | None = None
) -> Player:
    """A new network of these layers of torch.nn, its parameters drawn."""
    layers = layers or LAYERS[name]
    module = submission.probe("Recording", submission.layer("Sequential", *layers))
    twin = nn.Sequential(*(getattr(nn, str(kind))(*args) for kind, *args in layers)).double()
    start = {}
    for key, value in twin.named_parameters():
        centre = 1.0 if key.endswith("weight") and value.dim() == 1 else 0.0  # of a batch norm's weights
        start[f"layer.{key}"] = centre + 0.3 * torch.randn(value.shape, generator=rng)
    module.load(start)
    return Player(name, module, twin, start)


Cast = Mapping[str, Player]


def draw_half_frozen(submission: Submission, rng: torch.Generator, name: str) -> Player:
    """A discriminator whose first layer does not learn."""
    frozen = submission.layer("Conv2d", CHANNELS, CHANNELS, 1)
    module = submission.probe("Recording", submission.layer("Sequential", frozen, *LAYERS[name]))
    twin = nn.Sequential(nn.Conv2d(CHANNELS, CHANNELS, 1), nn.Conv2d(CHANNELS, 1, 3, 1, 1)).double()
    start = {f"layer.{key}": 0.3 * torch.randn(value.shape, generator=rng) for key, value in twin.named_parameters()}
    module.load(start)
    frozen.freeze()
    return Player(name, module, twin, start)


def draw_cast(submission: Submission, rng: torch.Generator) -> dict[str, Player]:
    """All four, each unlike the others."""
    return {name: draw_player(submission, rng, name) for name in NAMES}


def modules_of(cast: Cast) -> tuple[RemoteModule, ...]:
    """What to hand to the student's functions: g_ab, g_ba, d_a, d_b."""
    return tuple(cast[name].module for name in NAMES)


def draw_heaps(rng: torch.Generator, of_a: int, of_b: int) -> tuple[Tensor, Tensor]:
    """Images of A and of B in [-1, 1], unlike each other and not centred at zero."""
    real_a, real_b = (2 * torch.rand(count, CHANNELS, SIZE, SIZE, generator=rng) - 1 for count in (of_a, of_b))
    return 0.3 + 0.7 * real_a, 0.6 * real_b - 0.4


def descent(
    submission: Submission, cast: Cast, names: tuple[str, ...], rate: float = LEARNING_RATE, **options: float
) -> RemoteObject:
    """Plain gradient descent over several of them."""
    return submission.optimizer("SGD", [cast[name].module for name in names], lr=rate, **options)


def settle(movement: Tensor) -> Tensor:
    """A movement, without what the rounding of float32 parameters of about one in size makes of none."""
    return torch.where(movement.abs() < 5e-7, 0.0, movement)


def flat(parameters: Mapping[str, Tensor]) -> Tensor:
    """All parameters as one vector in the order of their names."""
    return torch.cat([parameters[name].double().flatten() for name in sorted(parameters)])


@contextmanager
def left_alone(players: Iterable[Player]) -> Iterator[None]:
    """WrongAnswer unless each of these networks is used inside, and keeps what stands in .grad, its flags and modes."""
    players = list(players)
    for player in players:
        player.module.fill_gradients(STALE)
    flags = [player.module.requires_grad_flags() for player in players]
    modes = [player.module.modes() for player in players]
    yield
    for player, own_flags, own_modes in zip(players, flags, modes, strict=True):
        module = player.module
        expect(bool(module.calls()), f"{player.name} was never called", "Is every network used that is handed over?")
        kept = all(value is not None and bool((value == STALE).all()) for value in module.gradients().values())
        expect(kept, f"{player.name} has something else in .grad than before", ALONE_HINT)
        expect(module.requires_grad_flags() == own_flags, f"{player.name} has other flags than before", ALONE_HINT)
        expect(module.modes() == own_modes, f"{player.name} was left in another mode than before", ALONE_HINT)
