# wrong: every class from the same noise; hint: noise of its own
# visible check: passes
@torch.no_grad()
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    device = next(generator.parameters()).device
    modes = {m: m.training for network in (generator, classifier) for m in network.modules()}
    generator.eval(), classifier.eval()
    labels = torch.arange(classes, device=device).repeat(samples)
    noise = sample_noise(samples, noise_dim, rng=rng, device=device).repeat_interleave(classes, 0)
    seen = classifier(generator(noise, labels)).max(dim=1).indices
    for m, training in modes.items():
        m.training = training
    return (seen == labels).float().mean().item()
