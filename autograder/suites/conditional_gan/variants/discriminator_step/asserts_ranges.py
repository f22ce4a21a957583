# right: asserts what the text promises of pictures, labels and noise
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    assert real.shape == (len(labels), 1, 28, 28) and real.abs().max() <= 1
    assert labels.dtype == torch.int64 and noise.shape[:1] == labels.shape
    fake = generator(noise, labels).detach()
    assert fake.shape == real.shape and fake.abs().max() <= 1
    loss = discriminator_loss(discriminator(real, labels), discriminator(fake, labels))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
