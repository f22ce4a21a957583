# wrong: a CPU rng is asked to draw on another device; hint: on which device does rng draw
# visible check: passes
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    drawn_on = device
    noise = torch.randn(batch_size, noise_dim, generator=rng, device=drawn_on)
    return noise if device is None else noise.to(device)
