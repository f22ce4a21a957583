# wrong: the loss after the update comes back; hint: loss after the update instead of before
# visible check: passes
def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    parameters = list(generator.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer.step()
    return generator_loss(discriminator(generator(noise))).detach()
