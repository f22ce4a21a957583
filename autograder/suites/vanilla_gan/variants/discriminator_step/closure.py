# right: the optimizer calls a closure; fakes made in inference mode
def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.inference_mode():
        fake = generator(noise)
    fake = fake.clone()
    def closure():
        optimizer.zero_grad()
        loss = discriminator_loss(discriminator(real), discriminator(fake))
        loss.backward()
        return loss
    return optimizer.step(closure).detach().clone()
