# wrong: the minimax loss; hint: saturating loss
# visible check: fails
def generator_step(generator, discriminator, optimizer, labels, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(noise, labels)
    fake_logits = discriminator(fake, labels)
    loss = -F.softplus(fake_logits).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.item()
