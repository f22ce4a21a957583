"""Right answers to the exercises on losses, by other methods than the notebook's solution.

Losses are written with logaddexp and in float64, so that autograd gives their gradients to the last digit; penalties
follow from the points at which a critic with a known gradient was asked; modes are counted sample by sample.

Shapes: logits, scores (n,); errors, penalties and losses ().
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

Loss = Callable[..., Tensor]

WEIGHT = 10.0  # lambda of both penalties
TARGET = 1.0  # the norm that a critic's gradient should have
SCALE = 0.5  # of DRAGAN's noise, in standard deviations of the data
GAMMA, RATE = 0.5, 0.001  # of BEGAN's balance


def minus_log(logits: Tensor) -> Tensor:
    """-log sigma(s) = log(1 + exp(-s)), sample by sample."""
    s = logits.double()
    return torch.logaddexp(torch.zeros_like(s), -s)


def cross_entropy(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))): the discriminator's loss of the minimax and of the non-saturating game."""
    return minus_log(real_logits).mean() + minus_log(-fake_logits).mean()


def minimax_generator_loss(fake_logits: Tensor) -> Tensor:
    """E log(1 - D(G(z)))."""
    return -minus_log(-fake_logits).mean()


def non_saturating_generator_loss(fake_logits: Tensor) -> Tensor:
    """-E log D(G(z))."""
    return minus_log(fake_logits).mean()


def wgan_discriminator_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """-E D(x) + E D(G(z))."""
    return fake_scores.double().mean() - real_scores.double().mean()


def wgan_generator_loss(fake_scores: Tensor) -> Tensor:
    """-E D(G(z))."""
    return -fake_scores.double().mean()


def lsgan_discriminator_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """1/2 E (D(x) - 1)^2 + 1/2 E D(G(z))^2, multiplied out."""
    real, fake = real_scores.double(), fake_scores.double()
    return (real.square().mean() + fake.square().mean() + 1) / 2 - real.mean()


def lsgan_generator_loss(fake_scores: Tensor) -> Tensor:
    """1/2 E (D(G(z)) - 1)^2, multiplied out."""
    fake = fake_scores.double()
    return (fake.square().mean() + 1) / 2 - fake.mean()


def penalised(loss: Loss) -> Loss:
    """A discriminator's loss plus weight times a penalty: (real, fake, penalty, weight) -> ()."""

    def with_penalty(real: Tensor, fake: Tensor, penalty: Tensor, weight: float = WEIGHT) -> Tensor:
        return loss(real, fake) + weight * penalty.double()

    return with_penalty


def reconstruction_error(images: Tensor, reconstructed: Tensor) -> Tensor:
    """Mean absolute difference over everything: the larger less the smaller of each two numbers."""
    one, other = images.double(), reconstructed.double()
    return (torch.maximum(one, other) - torch.minimum(one, other)).mean()


def began_discriminator_loss(real_error: Tensor, fake_error: Tensor, k: float) -> Tensor:
    """L(x) - k L(G(z))."""
    return real_error.double() - k * fake_error.double()


def began_generator_loss(fake_error: Tensor) -> Tensor:
    """L(G(z))."""
    return 1 * fake_error.double()


def update_k(k: float, real_error: float, fake_error: float, gamma: float = GAMMA, rate: float = RATE) -> float:
    """k + rate (gamma L(x) - L(G(z))), the middle one of it, 0 and 1."""
    return sorted((0.0, k + rate * (gamma * real_error - fake_error), 1.0))[1]


def penalty(norms: Tensor, target: float = TARGET) -> Tensor:
    """E (norm - target)^2 of the norms of a critic's gradients."""
    return (norms.double() - target).square().mean()


def slopes(loss: Loss, *args: Tensor, **options: float) -> list[Tensor]:
    """The gradients of a loss with respect to each of its tensors; zeros where it does not depend on one."""
    leaves = [arg.detach().double().requires_grad_() for arg in args]
    return list(torch.autograd.grad(loss(*leaves, **options), leaves, materialize_grads=True))


def mode_coverage(samples: Iterable[Tensor], centers: Tensor, radius: float) -> tuple[int, float]:
    """(centers with a sample within radius, share of samples within radius of any), one sample after the other."""
    covered: set[int] = set()
    near = []
    for sample in samples:
        gaps = (centers.double() - sample.double()).square().sum(1)  # (centers,)
        hit = [index for index, gap in enumerate(gaps.tolist()) if gap <= radius**2]
        covered.update(hit)
        near.append(bool(hit))
    return len(covered), sum(near) / len(near)
