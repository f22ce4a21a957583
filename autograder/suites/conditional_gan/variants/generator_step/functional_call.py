# right: the discriminator called with detached parameters
def generator_step(generator, discriminator, optimizer, labels, noise):
    constants = {name: p.detach() for name, p in discriminator.named_parameters()}
    fake = generator(noise, labels)
    loss = generator_loss(torch.func.functional_call(discriminator, constants, (fake, labels)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.tolist()
