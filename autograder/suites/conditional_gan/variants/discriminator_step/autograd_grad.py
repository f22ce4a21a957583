# right: gradients computed apart, by keyword arguments
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    with torch.no_grad():
        fake = generator(noise=noise, labels=labels)
    loss = discriminator_loss(discriminator(images=real, labels=labels), discriminator(images=fake, labels=labels))
    parameters = list(discriminator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return float(loss)
