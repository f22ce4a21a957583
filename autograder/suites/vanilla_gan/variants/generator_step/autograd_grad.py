# right: gradients of the generator alone by torch.autograd.grad
def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    parameters = list(generator.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer.step()
    return loss.detach()
