# right: fakes without gradient, half of the loss back at a time, fakes first; the loss made anew from numbers
def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    optimizer.zero_grad(set_to_none=False)
    fake_loss = 0.5 * F.softplus(discriminator(fake)).mean()
    fake_loss.backward()
    real_loss = 0.5 * F.softplus(-discriminator(real)).mean()
    real_loss.backward()
    optimizer.step()
    return torch.tensor(fake_loss.item() + real_loss.item())
