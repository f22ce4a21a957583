# right: gradients by torch.autograd.grad, written into the parameters
def discriminator_step(generator, discriminator, optimizer, real, noise):
    real_logits, fake_logits = discriminator(real), discriminator(generator(noise).detach())
    loss = discriminator_loss(real_logits, fake_logits)
    parameters = list(discriminator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return loss.detach()
