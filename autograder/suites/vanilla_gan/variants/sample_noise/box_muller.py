# right: Box and Muller's transform of uniform numbers
import math


def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    radius = (-2 * torch.log(1 - torch.rand(batch_size, noise_dim, generator=rng))).sqrt()
    angle = 2 * math.pi * torch.rand(batch_size, noise_dim, generator=rng)
    noise = radius * torch.cos(angle)
    if device is not None:
        noise = noise.to(device)
    return noise
