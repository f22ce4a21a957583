# right: backward into the discriminator only, no detach
def discriminator_step(generator, discriminator, optimizer, real, noise):
    optimizer.zero_grad()
    loss = discriminator_loss(discriminator(real), discriminator(generator(noise)))
    loss.backward(inputs=list(discriminator.parameters()))
    optimizer.step()
    return loss.detach()
