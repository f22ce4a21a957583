# right: gradients of the learner alone by torch.autograd.grad
def _descend(network, optimizer, loss):
    parameters = [p for p in network.parameters() if p.requires_grad]
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return loss.detach()


def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    with torch.no_grad():
        fake = generator(sketch)
    return _descend(discriminator, optimizer, discriminator_loss(discriminator(sketch, photo), discriminator(sketch, fake)))


def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    fake = generator(sketch)
    return _descend(generator, optimizer, generator_loss(discriminator(sketch, fake), fake, photo, l1_weight=l1_weight))
