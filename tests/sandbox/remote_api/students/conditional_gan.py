"""A right submission of what the spikes of conditional_gan ask for."""

import torch
import torch.nn.functional as F


def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(generator(noise, labels).detach(), labels)
    loss = (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@torch.no_grad()
def class_accuracy(generator, classifier, *, noise_dim, classes, samples, rng=None):
    modes = [(network, network.training) for network in (generator, classifier)]
    for network, _ in modes:
        network.eval()
    right = 0
    for label in range(classes):
        labels = torch.full((samples,), label)
        images = generator(torch.randn(samples, noise_dim, generator=rng), labels)
        right += (classifier(images).argmax(1) == labels).sum().item()
    for network, training in modes:
        network.train(training)
    return right / (classes * samples)
