# wrong: gradients gathered in the discriminator on the way; hint: only compute the loss
# visible check: fails
def discriminator_objective(discriminator, real, fake):
    real_loss = adversarial_loss(discriminator(real), True)
    fake_loss = adversarial_loss(discriminator(fake.detach()), False)
    fake_loss.backward(retain_graph=True)
    return (real_loss + fake_loss) / 2
