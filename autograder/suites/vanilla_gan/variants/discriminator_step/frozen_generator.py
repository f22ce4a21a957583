# right: the generator frozen for the moment, flags given back; the optimizer gets a closure
def discriminator_step(generator, discriminator, optimizer, real, noise):
    trainable = [p for p in generator.parameters() if p.requires_grad]
    for p in trainable:
        p.requires_grad = False

    def closure():
        optimizer.zero_grad()
        loss = discriminator_loss(discriminator(real), discriminator(generator(noise)))
        loss.backward()
        return loss

    loss = optimizer.step(closure)
    for p in trainable:
        p.requires_grad = True
    return loss.detach().clone()
