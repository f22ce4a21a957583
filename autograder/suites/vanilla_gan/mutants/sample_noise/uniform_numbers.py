# wrong: uniform numbers from 0 to 1; hint: centred at zero
# visible check: fails
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    drawn_on = device if rng is None else rng.device
    noise = torch.rand(batch_size, noise_dim, generator=rng, device=drawn_on)
    return noise if device is None else noise.to(device)
