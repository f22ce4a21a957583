# right: backward for the generator only, a detached tensor returned
def generator_step(generator, discriminator, optimizer, labels, noise):
    optimizer.zero_grad()
    believed = discriminator(generator(noise, labels), labels)
    loss = -F.logsigmoid(believed).mean()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.detach()
