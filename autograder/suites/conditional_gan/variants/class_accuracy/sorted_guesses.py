# right: the best of topk, restored in a finally
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    networks = nn.ModuleList([generator, classifier])
    kept = [(m, m.training) for m in networks.modules()]
    networks.eval()
    try:
        with torch.no_grad():
            labels = torch.arange(classes).repeat_interleave(samples).to(next(generator.parameters()).device)
            noise = sample_noise(len(labels), noise_dim, rng=rng, device=labels.device)
            guesses = torch.topk(classifier(generator(noise, labels)), k=1, dim=1)[1].flatten()
            return guesses.eq(labels).sum().item() / len(labels)
    finally:
        for m, mode in kept:
            m.training = mode
