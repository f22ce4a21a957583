# wrong: the sum instead of the average; hint: add the two losses instead of averaging
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = 2 * discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
