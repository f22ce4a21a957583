"""A right submission of what the spike of vanilla_gan asks for."""

import torch
import torch.nn.functional as F


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
    settings = {"lr": learning_rate, "betas": betas, "weight_decay": 1e-5}
    generator_optimizer = torch.optim.Adam(generator.parameters(), **settings)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), **settings)
    history = {"generator": [], "discriminator": []}
    step = 0
    for _ in range(epochs):
        for batch in loader:
            step += 1
            real = batch if isinstance(batch, torch.Tensor) else batch[0]
            for _ in range(discriminator_steps):
                noise = torch.randn(len(real), noise_dim, generator=rng)
                real_logits, fake_logits = discriminator(real), discriminator(generator(noise).detach())
                discriminator_loss = (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2
                discriminator_optimizer.zero_grad()
                discriminator_loss.backward()
                discriminator_optimizer.step()
            noise = torch.randn(len(real), noise_dim, generator=rng)
            generator_loss = F.softplus(-discriminator(generator(noise))).mean()
            generator_optimizer.zero_grad()
            generator_loss.backward()
            generator_optimizer.step()
            history["generator"].append(generator_loss.item())
            history["discriminator"].append(discriminator_loss.item())
            if on_step is not None:
                on_step(step, discriminator_loss=history["discriminator"][-1], generator_loss=history["generator"][-1])
    return history
