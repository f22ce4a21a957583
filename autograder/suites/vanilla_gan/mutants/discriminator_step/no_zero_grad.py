# wrong: old gradients play a part; hint: Think of zero_grad
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    loss.backward()
    optimizer.step()
    return loss.detach()
