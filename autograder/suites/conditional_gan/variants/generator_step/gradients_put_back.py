# right: the discriminator's gradients kept and put back
def generator_step(generator, discriminator, optimizer, labels, noise):
    kept = [None if p.grad is None else p.grad.clone() for p in discriminator.parameters()]
    optimizer.zero_grad()
    loss = generator_loss(discriminator(generator(noise, labels), labels))
    loss.backward()
    optimizer.step()
    for p, grad in zip(discriminator.parameters(), kept):
        p.grad = grad
    return loss.item()
