"""A right submission of what the spikes of cyclegan ask for."""

import torch


def adversarial_loss(scores, is_real):
    return ((scores - float(is_real)) ** 2).mean()


def distance(one, other):
    return (one - other).abs().mean()


def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_a, fake_b = g_ba(real_b), g_ab(real_a)
    adversarial = adversarial_loss(d_a(fake_a), True) + adversarial_loss(d_b(fake_b), True)
    cycle = distance(g_ba(fake_b), real_a) + distance(g_ab(fake_a), real_b)
    identity = distance(g_ba(real_a), real_a) + distance(g_ab(real_b), real_b)
    return adversarial + cycle_weight * cycle + cycle_weight * identity_weight * identity


def discriminator_objective(discriminator, real, fake):
    return (adversarial_loss(discriminator(real), True) + adversarial_loss(discriminator(fake.detach()), False)) / 2


class ImagePool:
    def __init__(self, size):
        self.size = size
        self.images = []

    def query(self, images, *, rng=None):
        if self.size == 0:
            return images.detach()
        given = []
        for image in images.detach():
            if len(self.images) < self.size:
                self.images.append(image)
                given.append(image)
            elif torch.rand((), generator=rng) < 0.5:
                index = torch.randint(self.size, (), generator=rng).item()
                given.append(self.images[index])
                self.images[index] = image
            else:
                given.append(image)
        return torch.stack(given)


def freeze(networks, frozen):
    for network in networks:
        network.requires_grad_(not frozen)


def train_step(
    g_ab,
    g_ba,
    d_a,
    d_b,
    generator_optimizer,
    discriminator_optimizer,
    real_a,
    real_b,
    *,
    pool_a,
    pool_b,
    rng=None,
):
    freeze((d_a, d_b), True)
    generator_loss = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)
    generator_optimizer.zero_grad()
    generator_loss.backward()
    generator_optimizer.step()
    freeze((d_a, d_b), False)
    with torch.no_grad():
        fake_a, fake_b = g_ba(real_b), g_ab(real_a)
    discriminator_loss = discriminator_objective(d_a, real_a, pool_a.query(fake_a, rng=rng))
    discriminator_loss = discriminator_loss + discriminator_objective(d_b, real_b, pool_b.query(fake_b, rng=rng))
    discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    discriminator_optimizer.step()
    return {"generator": generator_loss.item(), "discriminator": discriminator_loss.item()}
