# right: fills an empty tensor in place, with type hints
from typing import Optional


def sample_noise(
    batch_size: int,
    noise_dim: int,
    *,
    rng: Optional[torch.Generator] = None,
    device: Optional[torch.device] = None,
) -> torch.Tensor:
    drawn_on = "cpu" if rng is None else rng.device
    noise = torch.empty(batch_size, noise_dim, device=drawn_on)
    noise.normal_(generator=rng)
    return noise.to(device or "cpu")
