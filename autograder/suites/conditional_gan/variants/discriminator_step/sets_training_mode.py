# right: sets training mode, as loops over epochs do
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    discriminator.train()
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
