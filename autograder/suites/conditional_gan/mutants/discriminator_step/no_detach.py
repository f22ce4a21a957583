# wrong: gradients arrive in the generator; hint: Did you detach the fakes
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels)
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
