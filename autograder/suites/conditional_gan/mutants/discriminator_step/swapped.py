# wrong: learns to believe the fakes; hint: Did you swap
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(fake_logits, real_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
