# wrong: clears what it has just computed; hint: Are backward and optimizer.step() called
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()
