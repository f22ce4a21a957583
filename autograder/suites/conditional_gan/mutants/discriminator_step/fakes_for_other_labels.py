# wrong: fakes for shuffled labels; hint: Are the fakes made for the labels of the real batch
# visible check: fails
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels.flip(0)).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
