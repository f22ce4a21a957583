# wrong: real and fake in one batch; hint: real and fake pictures in one batch
# visible check: passes
def discriminator_step(generator, discriminator, optimizer, real, noise):
    real_logits, fake_logits = discriminator(torch.cat([real, generator(noise).detach()])).split([len(real), len(noise)])
    loss = discriminator_loss(real_logits, fake_logits)
    parameters = list(discriminator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return loss.detach()
