"""Right answers to the conditional GAN's exercises, by other methods than the notebook's solution.

Labels become vectors by comparison, the gradients of both steps are written out in float64, and players are plain
dictionaries of tensors, those of the linear probes: the generator paints noise @ weightᵀ + table[label], the
discriminator's logit is the sum of image · table[label].

Shapes: labels (n,), noise (n, noise_dim), images (n, ...), logits (n,).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

Parameters = dict[str, Tensor]


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """(n,) -> (n, classes), float32: where label and class agree."""
    return (labels[:, None] == torch.arange(classes)).to(torch.float32)


def linear_images(generator: Parameters, noise: Tensor, labels: Tensor) -> Tensor:
    """What the linear generator paints, flat: (n, pixels)."""
    table = generator["table"].double()
    rows = one_hot(labels, len(table)).double() @ table
    return torch.addmm(rows, noise.double(), generator["weight"].double().T)


def linear_logits(discriminator: Parameters, images: Tensor, labels: Tensor) -> Tensor:
    """What the linear discriminator says: (n, ...) -> (n,)."""
    by_class = images.double().flatten(1) @ discriminator["table"].double().T  # (n, classes)
    return (by_class * one_hot(labels, by_class.shape[1])).sum(1)


@dataclass(frozen=True)
class Step:
    """One update: the loss before it, and the gradient of every parameter."""

    loss: Tensor
    gradients: Parameters


def discriminator_step(
    generator: Parameters,
    discriminator: Parameters,
    real: Tensor,
    labels: Tensor,
    noise: Tensor,
    *,
    painted_for: Tensor | None = None,
    judged_as: Tensor | None = None,
    real_judged_as: Tensor | None = None,
    weights: tuple[float, float] = (0.5, 0.5),
    targets: tuple[float, float] = (1.0, 0.0),
) -> Step:
    """The discriminator's gradients. What follows the star is for mistakes.

    painted_for, judged_as: other labels of the fakes, for generator and discriminator; real_judged_as: of the real
    pictures; weights, targets: of the real and of the fake cross-entropy.
    """
    fake = linear_images(generator, noise, labels if painted_for is None else painted_for)
    batches = (
        (real.double().flatten(1), labels if real_judged_as is None else real_judged_as),
        (fake, labels if judged_as is None else judged_as),
    )
    loss = torch.zeros((), dtype=torch.float64)
    slope = torch.zeros_like(discriminator["table"], dtype=torch.float64)
    for (images, told), weight, target in zip(batches, weights, targets, strict=True):
        logits = linear_logits(discriminator, images, told)
        loss += weight * (F.softplus(logits) - target * logits).mean()
        of_logits = weight * (torch.sigmoid(logits) - target) / len(logits)  # (n,)
        slope += one_hot(told, len(slope)).double().T @ (of_logits[:, None] * images)
    return Step(loss, {"table": slope})


def generator_step(
    generator: Parameters,
    discriminator: Parameters,
    labels: Tensor,
    noise: Tensor,
    *,
    painted_for: Tensor | None = None,
    judged_as: Tensor | None = None,
    target: float = 1.0,
    saturating: bool = False,
) -> Step:
    """The generator's gradients. What follows the star is for mistakes: other labels, another target, E log(1 − D)."""
    painted_for = labels if painted_for is None else painted_for
    judged_as = labels if judged_as is None else judged_as
    table = discriminator["table"].double()
    logits = linear_logits(discriminator, linear_images(generator, noise, painted_for), judged_as)
    if saturating:
        loss, of_logits = -F.softplus(logits).mean(), -torch.sigmoid(logits) / len(logits)
    else:
        loss = (F.softplus(logits) - target * logits).mean()
        of_logits = (torch.sigmoid(logits) - target) / len(logits)
    of_images = of_logits[:, None] * (one_hot(judged_as, len(table)).double() @ table)  # (n, pixels)
    classes = len(generator["table"])
    return Step(
        loss,
        {
            "weight": of_images.T @ noise.double(),
            "table": one_hot(painted_for, classes).double().T @ of_images,
        },
    )
