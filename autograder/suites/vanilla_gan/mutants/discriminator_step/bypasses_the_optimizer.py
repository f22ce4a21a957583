# wrong: gradient descent by hand; hint: left to optimizer.step()
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise).detach()
    real_logits = discriminator(real)
    fake_logits = discriminator(fake)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    [p.data.sub_(p.grad, alpha=optimizer.param_groups[0]["lr"]) for p in discriminator.parameters()]
    return loss.detach()
