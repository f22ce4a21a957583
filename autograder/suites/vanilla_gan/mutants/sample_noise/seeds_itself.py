# wrong: pins PyTorch's own generator; hint: seed a generator inside the function
# visible check: passes
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    drawn_on = device if rng is None else rng.device
    noise = torch.randn(batch_size, noise_dim, generator=rng, device=drawn_on)
    torch.manual_seed(0)
    return noise if device is None else noise.to(device)
