# right: the discriminator's gradients kept aside and put back
def generator_step(generator, discriminator, optimizer, noise):
    kept = [(p, None if p.grad is None else p.grad.clone()) for p in discriminator.parameters()]
    for p in generator.parameters():
        p.grad = None
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimizer.step()
    for p, gradient in kept:
        p.grad = gradient
    return loss.data
