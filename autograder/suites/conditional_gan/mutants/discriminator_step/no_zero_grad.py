# wrong: old gradients play a part; hint: Think of zero_grad
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    loss.backward()
    optimizer.step()
    return loss.item()
