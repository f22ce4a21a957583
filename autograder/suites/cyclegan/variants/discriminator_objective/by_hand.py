# right: without adversarial_loss
def discriminator_objective(discriminator, real, fake):
    fake = fake.detach()
    return 0.5 * (1 - discriminator(real)).pow(2).mean() + 0.5 * discriminator(fake).pow(2).mean()
