# wrong: the loss after the update comes back; hint: loss after the update instead of before
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return discriminator_loss(discriminator(real, labels), discriminator(fake, labels)).item()
