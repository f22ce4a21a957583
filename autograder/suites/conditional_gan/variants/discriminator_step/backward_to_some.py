# right: backward for the parameters of the optimizer only
def discriminator_step(generator, discriminator, optimizer, real, labels, noise):
    optimizer.zero_grad()
    loss = discriminator_loss(discriminator(real, labels), discriminator(generator(noise, labels), labels))
    loss.backward(inputs=[p for group in optimizer.param_groups for p in group["params"]])
    optimizer.step()
    return loss.detach().cpu().numpy().item()
