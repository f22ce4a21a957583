# wrong: each noise along a row; hint: Is the noise drawn once for each column
# visible check: fails
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    device = next(generator.parameters()).device
    noise = sample_noise(columns, noise_dim, rng=rng, device=device)
    noise = noise.repeat_interleave(classes, 0)
    labels = torch.arange(classes, device=device).repeat_interleave(columns)
    modes = {module: module.training for module in generator.modules()}
    generator.eval()
    with torch.no_grad():
        images = generator(noise, labels)
    for module, mode in modes.items():
        module.training = mode
    return images
