# right: one function without the steps of the notebook
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
    g_opt = torch.optim.Adam(generator.parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5)
    d_opt = torch.optim.Adam(discriminator.parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5)
    generator.train(), discriminator.train()
    device = next(discriminator.parameters()).device
    g_losses, d_losses, step = [], [], 0
    for epoch in range(epochs):
        for batch in loader:
            if not torch.is_tensor(batch):
                batch, *_ = batch
            batch = batch.to(device)
            n = batch.size(0)
            k = 0
            while k < discriminator_steps:
                k += 1
                z = torch.randn(n, noise_dim, generator=rng).to(device)
                d_loss = 0.5 * (
                    F.softplus(-discriminator(batch)).mean() + F.softplus(discriminator(generator(z).detach())).mean()
                )
                d_opt.zero_grad()
                d_loss.backward()
                d_opt.step()
            z = torch.randn(n, noise_dim, generator=rng).to(device)
            g_loss = F.softplus(-discriminator(generator(z))).mean()
            g_opt.zero_grad()
            g_loss.backward()
            g_opt.step()
            step += 1
            g_losses.append(float(g_loss))
            d_losses.append(float(d_loss))
            if on_step:
                on_step(step, g_losses[-1], d_losses[-1])
    return {"generator": g_losses, "discriminator": d_losses}
