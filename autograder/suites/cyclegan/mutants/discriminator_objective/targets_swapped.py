# wrong: real and fake targets swapped; hint: Which target belongs to which
# visible check: fails
def discriminator_objective(discriminator, real, fake):
    """Half the sum of both adversarial losses: real images towards 1, fake ones towards 0.

    The discriminator is called twice. No gradient reaches whatever made the fakes.
    Shapes: real (n, channels, h, w), fake (m, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 4 and 7.1.
    """
    real_loss = adversarial_loss(discriminator(real), True)
    fake_loss = adversarial_loss(discriminator(fake.detach()), False)  # this must not reach a generator
    return (adversarial_loss(discriminator(real), False) + adversarial_loss(discriminator(fake.detach()), True)) / 2
