# wrong: an average over all images instead of two averages; hint: Sizes may differ
# visible check: fails
def discriminator_objective(discriminator, real, fake):
    """Half the sum of both adversarial losses: real images towards 1, fake ones towards 0.

    The discriminator is called twice. No gradient reaches whatever made the fakes.
    Shapes: real (n, channels, h, w), fake (m, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 4 and 7.1.
    """
    real_loss = adversarial_loss(discriminator(real), True)
    fake_loss = adversarial_loss(discriminator(fake.detach()), False)  # this must not reach a generator
    return (len(real) * real_loss + len(fake) * fake_loss) / (len(real) + len(fake))
