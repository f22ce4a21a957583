# right: sets training mode, as loops over epochs do
def generator_step(generator, discriminator, optimizer, labels, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    generator.train()
    fake = generator(noise, labels)
    fake_logits = discriminator(fake, labels)
    loss = generator_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.item()
