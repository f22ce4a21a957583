# wrong: ten classes and no more; hint: which label has it
# visible check: passes
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    device = next(generator.parameters()).device
    noise = sample_noise(columns, noise_dim, rng=rng, device=device)
    noise = noise.repeat(classes, 1)
    labels = torch.arange(classes, device=device).clamp(max=9).repeat_interleave(columns)
    modes = {module: module.training for module in generator.modules()}
    generator.eval()
    with torch.no_grad():
        images = generator(noise, labels)
    for module, mode in modes.items():
        module.training = mode
    return images
