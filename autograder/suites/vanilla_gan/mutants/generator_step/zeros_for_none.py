# wrong: gradients of zero where there were none; hint: freeze the discriminator
# visible check: passes
def generator_step(generator, discriminator, optimizer, noise):
    kept = [(p, torch.zeros_like(p) if p.grad is None else p.grad.clone()) for p in discriminator.parameters()]
    for p in generator.parameters():
        p.grad = None
    loss = F.softplus(-discriminator(generator(noise))).mean()
    loss.backward()
    optimizer.step()
    for p, gradient in kept:
        p.grad = gradient
    return loss.data
