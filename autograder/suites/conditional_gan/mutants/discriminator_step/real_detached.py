# wrong: nothing is learned from real pictures; hint: Did the real pictures play no part
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels).detach()
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
