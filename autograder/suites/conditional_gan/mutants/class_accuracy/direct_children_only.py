# wrong: modules deeper inside stay in evaluation mode; hint: each module back to the mode
# visible check: passes
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    device = next(generator.parameters()).device
    modules = [generator, *generator.children(), classifier, *classifier.children()]
    modes = [module.training for module in modules]
    generator.eval()
    classifier.eval()
    hits = 0
    with torch.no_grad():
        for label in range(classes):
            noise = sample_noise(samples, noise_dim, rng=rng, device=device)
            labels = torch.full((samples,), label, device=device)
            guesses = classifier(generator(noise, labels)).argmax(1)
            hits += (guesses == labels).sum().item()
    for module, mode in zip(modules, modes, strict=True):
        module.training = mode
    return hits / (classes * samples)
