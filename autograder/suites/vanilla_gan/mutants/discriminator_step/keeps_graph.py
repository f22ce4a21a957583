# wrong: the loss carries its graph; hint: Did you detach the loss
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss
