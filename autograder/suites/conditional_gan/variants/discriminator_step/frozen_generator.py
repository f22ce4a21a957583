# right: the generator frozen for the step, a detached tensor returned
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    flags = {p: p.requires_grad for p in generator.parameters()}
    for p in flags:
        p.requires_grad = False
    optimizer.zero_grad(set_to_none=False)
    real_scores, fake_scores = discriminator(real, labels), discriminator(generator(noise, labels), labels)
    loss = 0.5 * (F.softplus(-real_scores) + F.softplus(fake_scores)).mean()
    loss.backward()
    optimizer.step()
    for p, flag in flags.items():
        p.requires_grad = flag
    return loss.detach()
