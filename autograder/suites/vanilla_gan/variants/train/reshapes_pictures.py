# right: pictures made (n, 1, 28, 28), whatever a loader gives, and asserted to be in [-1, 1]
def train(
    generator,
    discriminator,
    loader,
    *,
    noise_dim,
    epochs,
    discriminator_steps=1,
    learning_rate=1e-3,
    betas=(0.5, 0.999),
    rng=None,
    on_step=None,
):
    device = next(generator.parameters()).device
    optimizers = [
        torch.optim.Adam(network.parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5)
        for network in (generator.train(), discriminator.train())
    ]
    losses, step = {"generator": [], "discriminator": []}, 0

    def draw(count):
        return sample_noise(count, noise_dim, rng=rng, device=device)

    for _ in range(epochs):
        for batch in loader:
            images = batch if torch.is_tensor(batch) else batch[0]
            assert images.min() >= -1 and images.max() <= 1
            real = images.view(-1, 1, 28, 28).to(device)
            for _ in range(discriminator_steps):
                judged = discriminator_step(generator, discriminator, optimizers[1], real, draw(len(real))).item()
            fooled = generator_step(generator, discriminator, optimizers[0], draw(len(real))).item()
            step += 1
            losses["generator"].append(fooled)
            losses["discriminator"].append(judged)
            if on_step:
                on_step(step, fooled, judged)
    return losses
