# wrong: nothing is learned from real pictures; hint: Did the real pictures play no part
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real).detach()
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
