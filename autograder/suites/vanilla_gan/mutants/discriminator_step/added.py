# wrong: the sum instead of the average; hint: add the two losses instead of averaging
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = 2 * discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
