# wrong: fakes are trained towards the target 0; hint: towards the target 0
# visible check: passes
def generator_step(generator, discriminator, optimizer, labels, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(noise, labels)
    fake_logits = discriminator(fake, labels)
    loss = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.item()
