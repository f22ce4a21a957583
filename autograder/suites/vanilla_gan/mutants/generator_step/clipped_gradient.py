# wrong: the gradient is cut to a norm of one; hint: clip the gradient
# visible check: passes
def generator_step(generator, discriminator, optimizer, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(noise)
    fake_logits = discriminator(fake)
    loss = generator_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(generator.parameters(), 1.0)
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.detach()
