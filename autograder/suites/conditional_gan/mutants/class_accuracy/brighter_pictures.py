# wrong: the classifier sees other brightness than it knows; hint: as they were painted
# visible check: passes
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    device = next(generator.parameters()).device
    modules = [*generator.modules(), *classifier.modules()]
    modes = [module.training for module in modules]
    generator.eval()
    classifier.eval()
    hits = 0
    with torch.no_grad():
        for label in range(classes):
            noise = sample_noise(samples, noise_dim, rng=rng, device=device)
            labels = torch.full((samples,), label, device=device)
            guesses = classifier((generator(noise, labels) + 1) / 2).argmax(1)
            hits += (guesses == labels).sum().item()
    for module, mode in zip(modules, modes, strict=True):
        module.training = mode
    return hits / (classes * samples)
