# Typical mistakes: real and fake swapped, the generator trained towards zeros, no detach and no zero_grad.

# %% discriminator_loss
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits, torch.zeros_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.ones_like(fake_logits))
    return (real_loss + fake_loss) / 2

# %% generator_loss
def generator_loss(fake_logits):
    return bce_with_logits(fake_logits, torch.zeros_like(fake_logits))

# %% discriminator_step
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    loss.backward()
    optimizer.step()
    return loss.detach()
