# wrong: the loss after the update comes back; hint: loss after the update instead of before
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return discriminator_loss(discriminator(real), discriminator(fake)).detach()
