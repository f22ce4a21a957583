# wrong: all parameters get the flag of the first; hint: its own flag
# visible check: passes
def generator_step(generator, discriminator, optimizer, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(noise)
    fake_logits = discriminator(fake)
    loss = generator_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flags[0])
    return loss.detach()
