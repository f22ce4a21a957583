"""A right submission of what the spikes of gan_losses ask for."""

import torch


def clip_weights(module, limit=0.01):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(-limit, limit)


def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    alpha = torch.rand(len(real), *[1] * (real.dim() - 1), generator=rng)
    mixed = (alpha * real + (1 - alpha) * fake).detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)
    norm = gradient.flatten(1).norm(dim=1)
    return ((norm - target) ** 2).mean()
