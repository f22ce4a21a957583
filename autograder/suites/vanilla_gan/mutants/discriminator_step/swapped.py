# wrong: learns to believe the fakes; hint: Did you swap
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(fake_logits, real_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
