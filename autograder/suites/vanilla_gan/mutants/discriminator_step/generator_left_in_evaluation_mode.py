# wrong: the generator changes its mode; hint: mode they are in
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    generator.eval()
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
