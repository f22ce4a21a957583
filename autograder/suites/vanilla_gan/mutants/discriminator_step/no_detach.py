# wrong: gradient left in the generator; hint: Did you detach the fakes
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise)
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
