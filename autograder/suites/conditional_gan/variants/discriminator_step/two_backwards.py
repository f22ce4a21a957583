# right: two backward passes add up, fakes first
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    discriminator.zero_grad()
    bce = nn.BCEWithLogitsLoss()
    fake = generator(noise, labels)
    logits = discriminator(fake.detach(), labels)
    fake_loss = bce(logits, torch.zeros_like(logits))
    (fake_loss / 2).backward()
    logits = discriminator(real, labels)
    real_loss = bce(logits, torch.ones_like(logits))
    (0.5 * real_loss).backward()
    optimizer.step()
    return (real_loss.item() + fake_loss.item()) / 2
