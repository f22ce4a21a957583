# right: noise and labels spread over rows and columns
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    p = next(iter(generator.parameters()))
    noise = sample_noise(columns, noise_dim, rng=rng, device=p.device)
    noise = noise[None].expand(classes, -1, -1).flatten(0, 1)
    labels = torch.arange(classes * columns, device=p.device) // columns
    modes = {name: module.training for name, module in generator.named_modules()}
    try:
        generator.eval()
        return generator(noise, labels).detach()
    finally:
        for name, module in generator.named_modules():
            module.train(modes[name]) if not list(module.children()) else setattr(module, "training", modes[name])
