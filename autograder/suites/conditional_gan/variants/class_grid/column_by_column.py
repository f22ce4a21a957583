# right: columns painted one by one, then put in order
def class_grid(generator, *, noise_dim, classes, columns, rng=None):
    device = next(generator.parameters()).device
    labels = torch.arange(classes).to(device)
    trained = [module for module in generator.modules() if module.training]
    generator.eval()
    painted = []
    with torch.no_grad():
        for noise in sample_noise(columns, noise_dim, rng=rng).to(device):
            painted.append(generator(noise.expand(classes, noise_dim), labels))
    for module in trained:
        module.training = True
    return torch.stack(painted, 1).flatten(0, 1)
