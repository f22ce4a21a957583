"""Right answers to the vanilla GAN's exercises, by other methods than the notebook's solution.

Losses are written with softplus and in float64, gradients of the losses in closed form, players are plain dictionaries
of tensors, Adam is written out. Steps take their loss as a parameter, so that they can follow a student's own.

Shapes: logits (n,), noise (n, noise_dim), images (n, 1, height, width).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Parameters = dict[str, Tensor]
Loss = Callable[..., Tensor]

WEIGHT_DECAY = 1e-5  # both optimizers of `train`
DEFAULT_LEARNING_RATE = 1e-3
DEFAULT_BETAS = (0.5, 0.999)
SLOPE = 0.01  # of the leaky rectifier below zero


def bce_with_logits(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean binary cross-entropy, as y·softplus(−s) + (1 − y)·softplus(s): no cancellation at any size of s."""
    s, y = logits.double(), targets.double()
    return (y * F.softplus(-s) + (1 - y) * F.softplus(s)).mean()


def bce_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """d mean BCE / d logits = (σ(s) − y) / n."""
    return (torch.sigmoid(logits.double()) - targets.double()) / logits.numel()


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """½ E softplus(−s_real) + ½ E softplus(s_fake): the average of both cross-entropies."""
    return (F.softplus(-real_logits.double()).mean() + F.softplus(fake_logits.double()).mean()) / 2


def minimax_generator_loss(fake_logits: Tensor) -> Tensor:
    """E log(1 − D(G(z))) = −E softplus(s)."""
    return -F.softplus(fake_logits.double()).mean()


def generator_loss(fake_logits: Tensor) -> Tensor:
    """−E log D(G(z)) = E softplus(−s)."""
    return F.softplus(-fake_logits.double()).mean()


def saturation(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Slopes in the logit, sample by sample: −σ(s) for the minimax loss, −σ(−s) for the non-saturating one."""
    s = logits.double()
    return -torch.sigmoid(s), -torch.sigmoid(-s)


class Generator(nn.Module):
    """noise (n, noise_dim) -> images (n, 1, 28, 28)."""

    def __init__(self, noise_dim: int = 100, hidden_dim: int = 128) -> None:
        super().__init__()
        self.into = nn.Linear(noise_dim, hidden_dim)
        self.out = nn.Linear(hidden_dim, 784)

    def forward(self, noise: Tensor) -> Tensor:
        """The function of the course: leaky rectifier inside, tanh at the end."""
        return self.variation(noise)

    def variation(
        self, noise: Tensor, *, slope: float = SLOPE, output: Callable[[Tensor], Tensor] = torch.tanh
    ) -> Tensor:
        """The same parameters behind another slope below zero or another output: what some mistakes compute."""
        hidden = self.into(noise)  # (n, hidden_dim)
        hidden = torch.where(hidden > 0, hidden, slope * hidden)
        return output(self.out(hidden)).reshape(-1, 1, 28, 28)


class Discriminator(nn.Module):
    """images (n, 1, 28, 28) -> logits (n,)."""

    def __init__(self, hidden_dim: int = 128) -> None:
        super().__init__()
        self.into = nn.Linear(784, hidden_dim)
        self.out = nn.Linear(hidden_dim, 1)

    def forward(self, images: Tensor) -> Tensor:
        """The function of the course: leaky rectifier inside, nothing at the end."""
        return self.variation(images)

    def variation(
        self, images: Tensor, *, slope: float = SLOPE, output: Callable[[Tensor], Tensor] | None = None
    ) -> Tensor:
        """The same parameters behind another slope below zero or another output: what some mistakes compute."""
        hidden = self.into(images.reshape(len(images), 784))  # (n, hidden_dim)
        hidden = torch.where(hidden > 0, hidden, slope * hidden)
        logits = self.out(hidden)[:, 0]
        return logits if output is None else output(logits)


def redraw(network: nn.Module, rng: torch.Generator, scale: float = 0.5) -> nn.Module:
    """Every parameter of `network` drawn anew from N(0, scale²), so that both bends of each activation are met."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=rng))
    return network


def linear_images(generator: Parameters, noise: Tensor) -> Tensor:
    """What the linear generator probe makes, flat: (n, noise_dim) -> (n, pixels)."""
    return torch.addmm(generator["bias"].double(), noise.double(), generator["weight"].double().T)


def linear_logits(discriminator: Parameters, images: Tensor) -> Tensor:
    """What a linear discriminator probe says, (n, ...) -> (n,); behind batch norm in training mode where it has one."""
    x = images.double().flatten(1)  # (n, pixels)
    if "norm.weight" in discriminator:
        x = (x - x.mean(0)) * torch.rsqrt(x.var(0, correction=0) + 1e-5)
        x = x * discriminator["norm.weight"].double() + discriminator["norm.bias"].double()
    return x @ discriminator["weight"].double() + discriminator["bias"].double()


@dataclass(frozen=True)
class Step:
    """One update: the loss before it, and the gradient of every parameter."""

    loss: Tensor
    gradients: Parameters


def discriminator_step(
    generator: Parameters,
    discriminator: Parameters,
    real: Tensor,
    noise: Tensor,
    loss: Loss = discriminator_loss,
    *,
    together: bool = False,
) -> Step:
    """The discriminator's gradients on a real and a fake batch; `together`: in one (wrong behind batch norm)."""
    fake = linear_images(generator, noise)
    if "norm.weight" not in discriminator:
        images = torch.cat([real.double().flatten(1), fake])  # (n + m, pixels)
        logits = linear_logits(discriminator, images)
        value, slopes = _slopes(loss, logits[: len(real)], logits[len(real) :])
        slope = torch.cat(slopes)  # (n + m,)
        return Step(value, {"weight": images.T @ slope, "bias": slope.sum()})
    leaves = {name: value.double().requires_grad_() for name, value in discriminator.items()}
    if together:
        logits = linear_logits(leaves, torch.cat([real.double().flatten(1), fake]))
        value = loss(logits[: len(real)], logits[len(real) :])
    else:
        value = loss(linear_logits(leaves, real), linear_logits(leaves, fake))
    gradients = torch.autograd.grad(value, list(leaves.values()))
    return Step(value.detach(), dict(zip(leaves, gradients, strict=True)))


def generator_step(
    generator: Parameters, discriminator: Parameters, noise: Tensor, loss: Loss = generator_loss
) -> Step:
    """The generator's gradients through a discriminator that stays."""
    images = linear_images(generator, noise)  # (n, pixels)
    if "norm.weight" in discriminator:
        leaf = images.requires_grad_()
        value = loss(linear_logits(discriminator, leaf))
        (slope,) = torch.autograd.grad(value, leaf)  # (n, pixels)
    else:
        value, (of_logits,) = _slopes(loss, linear_logits(discriminator, images))
        slope = torch.outer(of_logits, discriminator["weight"].double())  # (n, pixels)
    return Step(value.detach(), {"weight": slope.T @ noise.double(), "bias": slope.sum(0)})


def _slopes(loss: Loss, *logits: Tensor) -> tuple[Tensor, list[Tensor]]:
    """A loss and its gradients with respect to the logits: in closed form for the right ones, else by autograd."""
    if loss is discriminator_loss:
        real, fake = logits
        return loss(real, fake), [-torch.sigmoid(-real) / (2 * len(real)), torch.sigmoid(fake) / (2 * len(fake))]
    if loss is generator_loss:
        return loss(*logits), [-torch.sigmoid(-logits[0]) / len(logits[0])]
    leaves = [part.detach().requires_grad_() for part in logits]
    value = loss(*leaves)
    return value.detach(), list(torch.autograd.grad(value, leaves, materialize_grads=True))


class Adam:
    """Adam with the decay added to the gradient (Kingma and Ba 2015, algorithm 1), or decoupled from it."""

    def __init__(
        self, learning_rate: float, betas: tuple[float, float], weight_decay: float, *, decoupled: bool = False
    ) -> None:
        self.learning_rate, self.betas, self.weight_decay, self.decoupled = (
            learning_rate,
            betas,
            weight_decay,
            decoupled,
        )
        self.step, self.mean, self.square = 0, {}, {}  # type: int, Parameters, Parameters

    def update(self, parameters: Parameters, gradients: Parameters) -> Parameters:
        """The parameters after one step."""
        self.step += 1
        first, second = self.betas
        updated = {}
        for name, value in parameters.items():
            decay = self.weight_decay * value
            gradient = gradients[name] if self.decoupled else gradients[name] + decay
            self.mean[name] = first * self.mean.get(name, 0 * value) + (1 - first) * gradient
            self.square[name] = second * self.square.get(name, 0 * value) + (1 - second) * gradient**2
            mean = self.mean[name] / (1 - first**self.step)
            root = (self.square[name] / (1 - second**self.step)).sqrt()
            updated[name] = value - self.learning_rate * (mean / (root + 1e-8) + (decay if self.decoupled else 0))
        return updated


@dataclass(frozen=True)
class Noise:
    """The noise of one batch of training: one for each discriminator step, one for the generator step."""

    discriminator: tuple[Tensor, ...]
    generator: Tensor


@dataclass(frozen=True)
class Trajectory:
    """Where training led: both players' parameters, and one loss of each for every batch."""

    generator: Parameters
    discriminator: Parameters
    generator_losses: list[float]
    discriminator_losses: list[float]


def train(
    generator: Parameters,
    discriminator: Parameters,
    batches: Iterable[Tensor],
    noises: Sequence[Noise],
    *,
    learning_rate: float = DEFAULT_LEARNING_RATE,
    betas: tuple[float, float] = DEFAULT_BETAS,
    weight_decay: float = WEIGHT_DECAY,
    decoupled: bool = False,
    generator_first: bool = False,
    first_loss: bool = False,
    discriminator_objective: Loss = discriminator_loss,
    generator_objective: Loss = generator_loss,
) -> Trajectory:
    """Train the linear players on these batches with exactly this noise; the last keywords are for mistakes."""
    generator = {name: value.double() for name, value in generator.items()}
    discriminator = {name: value.double() for name, value in discriminator.items()}
    generator_adam = Adam(learning_rate, betas, weight_decay, decoupled=decoupled)
    discriminator_adam = Adam(learning_rate, betas, weight_decay, decoupled=decoupled)
    generator_losses: list[float] = []
    discriminator_losses: list[float] = []

    def move_generator(noise: Tensor) -> None:
        nonlocal generator
        step = generator_step(generator, discriminator, noise, generator_objective)
        generator = generator_adam.update(generator, step.gradients)
        generator_losses.append(float(step.loss))

    for real, noise in zip(batches, noises, strict=True):
        if generator_first:
            move_generator(noise.generator)
        steps = []
        for fresh in noise.discriminator:
            steps.append(discriminator_step(generator, discriminator, real, fresh, discriminator_objective))
            discriminator = discriminator_adam.update(discriminator, steps[-1].gradients)
        discriminator_losses.append(float(steps[0 if first_loss else -1].loss))
        if not generator_first:
            move_generator(noise.generator)
    return Trajectory(generator, discriminator, generator_losses, discriminator_losses)


def best_samples(images: Tensor, logits: Tensor, count: int) -> Tensor:
    """The `count` images of the largest logits, best first, by sorting (image, logit) pairs."""
    order = sorted(range(len(images)), key=lambda index: -float(logits[index]))
    return torch.stack([images[index] for index in order[:count]])
