# right: the optimizer asks for the loss
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    fakes = generator(noise, labels).data

    def closure():
        optimizer.zero_grad()
        loss = discriminator_loss(discriminator(real, labels), discriminator(fakes, labels))
        loss.backward()
        return loss

    return optimizer.step(closure).item()
