# wrong: gradient descent by hand; hint: left to optimizer.step()
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fake = generator(noise, labels).detach()
    real_logits = discriminator(real, labels)
    fake_logits = discriminator(fake, labels)
    loss = discriminator_loss(real_logits, fake_logits)
    optimizer.zero_grad()
    loss.backward()
    [p.data.sub_(p.grad, alpha=optimizer.param_groups[0]["lr"]) for p in discriminator.parameters()]
    return loss.item()
