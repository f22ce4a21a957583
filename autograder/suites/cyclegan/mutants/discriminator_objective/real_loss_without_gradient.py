# wrong: the real images teach nothing; hint: Do the real images teach the discriminator
# visible check: passes
def discriminator_objective(discriminator, real, fake):
    """Half the sum of both adversarial losses: real images towards 1, fake ones towards 0.

    The discriminator is called twice. No gradient reaches whatever made the fakes.
    Shapes: real (n, channels, h, w), fake (m, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 4 and 7.1.
    """
    real_loss = adversarial_loss(discriminator(real).detach(), True)
    fake_loss = adversarial_loss(discriminator(fake.detach()), False)  # this must not reach a generator
    return (real_loss + fake_loss) / 2
