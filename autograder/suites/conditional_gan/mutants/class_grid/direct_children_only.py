# wrong: modules deeper inside stay in evaluation mode; hint: each module back to the mode
# visible check: passes
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    device = next(generator.parameters()).device
    noise = sample_noise(columns, noise_dim, rng=rng, device=device)
    noise = noise.repeat(classes, 1)
    labels = torch.arange(classes, device=device).repeat_interleave(columns)
    modes = {module: module.training for module in [generator, *generator.children()]}
    generator.eval()
    with torch.no_grad():
        images = generator(noise, labels)
    for module, mode in modes.items():
        module.training = mode
    return images
