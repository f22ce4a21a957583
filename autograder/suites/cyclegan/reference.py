"""Right answers to cyclegan's losses, by other methods than the notebook's solution.

Sums in float64 over the flattened values, divided by their number; gradients in closed form. The networks stand in
`networks`, what the four of them minimise together in `objectives`.

Shapes: scores of any shape; pictures (n, channels, height, width).
"""

import torch
from torch import Tensor

CYCLE_WEIGHT, IDENTITY_WEIGHT = 10.0, 0.5  # the defaults of generator_objective


def adversarial_loss(scores: Tensor, is_real: bool) -> Tensor:
    """‖s − target‖² / number of scores."""
    gaps = scores.double().flatten() - (1.0 if is_real else 0.0)
    return torch.dot(gaps, gaps) / gaps.numel()


def adversarial_slope(scores: Tensor, is_real: bool) -> Tensor:
    """Its gradient in the scores: 2 (s − target) / number of scores."""
    return 2 * (scores.double() - (1.0 if is_real else 0.0)) / scores.numel()


def cycle_loss(reconstructed: Tensor, original: Tensor) -> Tensor:
    """‖reconstructed − original‖₁ / number of values."""
    gaps = reconstructed.double().flatten() - original.double().flatten()
    return gaps.abs().sum() / gaps.numel()


def cycle_slope(reconstructed: Tensor, original: Tensor) -> Tensor:
    """Its gradient in the reconstruction, which nowhere equals the original."""
    return (reconstructed.double() - original.double()).sign() / reconstructed.numel()
