# wrong: the discriminator's layers keep their modes; hint: all their layers
# visible check: passes
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
    settings = {"lr": learning_rate, "betas": betas, "weight_decay": 1e-5}
    generator_optimizer = torch.optim.Adam(generator.parameters(), **settings)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), **settings)
    generator.train()
    discriminator.training = True
    losses = {"generator": [], "discriminator": []}
    for _ in range(epochs):
        for batch in loader:
            images = batch[0] if isinstance(batch, (list, tuple)) else batch
            real = images.to(device)
            for _ in range(discriminator_steps):
                noise = sample_noise(len(real), noise_dim, rng=rng, device=device)
                real_or_fake = discriminator_step(generator, discriminator, discriminator_optimizer, real, noise)
            noise = sample_noise(len(real), noise_dim, rng=rng, device=device)
            fooled = generator_step(generator, discriminator, generator_optimizer, noise)
            losses["generator"].append(fooled.item())
            losses["discriminator"].append(real_or_fake.item())
            if on_step is not None:
                on_step(len(losses["generator"]), losses["generator"][-1], losses["discriminator"][-1])
    return losses
