# right: the mean of two losses, fakes first
def discriminator_objective(discriminator, real, fake):
    losses = []
    for images, is_real in ((fake.detach(), False), (real, True)):
        losses.append(adversarial_loss(discriminator(images), is_real))
    return torch.stack(losses).mean()
