# right: gradients computed for the generator only
def generator_step(generator, discriminator, optimizer, labels, noise):
    loss = generator_loss(discriminator(generator(noise, labels), labels))
    parameters = list(generator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return loss.item()
