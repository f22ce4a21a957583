# right: counted by NumPy, picture by picture
import numpy as np


def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    modules = list(generator.modules()) + list(classifier.modules())
    were_training = [m for m in modules if m.training]
    for m in modules:
        m.training = False
    right = np.zeros((classes, samples), dtype=bool)
    with torch.inference_mode():
        for k in range(classes):
            for i in range(samples):
                noise = sample_noise(1, noise_dim, rng=rng, device=next(generator.parameters()).device)
                logits = classifier(generator(noise, torch.full((1,), k, device=noise.device)))
                right[k, i] = np.argmax(logits.cpu().numpy()) == k
    for m in were_training:
        m.training = True
    return float(right.mean())
