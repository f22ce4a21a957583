# right: asserts the shapes that the docstring promises
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: torch.Tensor,
    noise: torch.Tensor,
) -> torch.Tensor:
    assert real.ndim == 4 and real.shape[1:] == (1, 28, 28) and noise.ndim == 2
    assert real.min() >= -1 and real.max() <= 1
    with torch.no_grad():
        fake = generator(noise)
    assert fake.shape == (len(noise), 1, 28, 28)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.detach()
