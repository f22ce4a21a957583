# right: backward into the learner's parameters only
def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    fake = generator(sketch)
    loss = discriminator_loss(discriminator(sketch, photo), discriminator(sketch, fake))
    optimizer.zero_grad()
    loss.backward(inputs=list(discriminator.parameters()))
    optimizer.step()
    return loss.detach().clone()


def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    fake = generator(sketch)
    optimizer.zero_grad()
    loss = generator_loss(discriminator(sketch, fake), fake, photo, l1_weight)
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.detach()
