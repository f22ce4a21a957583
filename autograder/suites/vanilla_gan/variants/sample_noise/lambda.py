# right: a lambda over torch.normal
sample_noise = lambda batch_size, noise_dim, *, rng=None, device=None: torch.normal(
    torch.zeros(batch_size, noise_dim), 1.0, generator=rng
).to(torch.device("cpu") if device is None else device)
