# wrong: draws from a copy of rng, which does not move on; hint: A draw should move rng on
# visible check: passes
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    drawn_on = device if rng is None else rng.device
    noise = torch.randn(batch_size, noise_dim, generator=rng and rng.clone_state(), device=drawn_on)
    return noise if device is None else noise.to(device)
