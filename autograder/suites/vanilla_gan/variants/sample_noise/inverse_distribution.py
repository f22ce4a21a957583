# right: normal quantiles of uniform numbers, float64 inside
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    u = torch.rand(batch_size, noise_dim, generator=rng, dtype=torch.float64).clamp_(1e-12, 1 - 1e-12)
    return torch.special.ndtri(u).float().to(device)
