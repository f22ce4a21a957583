# wrong: draws from PyTorch's own generator; hint: Do you draw from rng
# visible check: fails
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    drawn_on = device if rng is None else rng.device
    noise = torch.randn(batch_size, noise_dim, device=drawn_on)
    return noise if device is None else noise.to(device)
