# wrong: gradient descent by hand; hint: left to optimizer.step()
# visible check: passes
def generator_step(generator, discriminator, optimizer, labels, noise):
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)
    fake = generator(noise, labels)
    fake_logits = discriminator(fake, labels)
    loss = generator_loss(fake_logits)
    optimizer.zero_grad()
    loss.backward()
    [p.data.sub_(p.grad, alpha=optimizer.param_groups[0]["lr"]) for p in generator.parameters()]
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.item()
