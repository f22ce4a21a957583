# right: all noise of a batch in one draw, split
def train(generator, discriminator, loader, *, noise_dim, epochs, discriminator_steps=1, learning_rate=1e-3, betas=(0.5, 0.999), rng=None, on_step=None):

    import itertools
    adam = lambda net: torch.optim.Adam(net.parameters(), lr=learning_rate, betas=tuple(betas), weight_decay=1e-5, foreach=False)
    og, od = adam(generator), adam(discriminator)
    for net in (generator, discriminator):
        net.train(True)
    g_losses, d_losses = [], []
    batches = itertools.chain.from_iterable(iter(loader) for _ in range(epochs))
    for step, batch in enumerate(batches, start=1):
        real = (batch if isinstance(batch, torch.Tensor) else batch[0]).to(next(generator.parameters()).device)
        g_noise, *d_noises = sample_noise((discriminator_steps + 1) * len(real), noise_dim, rng=rng, device=real.device).split(len(real))
        *_, d_loss = [discriminator_step(generator, discriminator, od, real, z) for z in d_noises]
        g_loss = generator_step(generator, discriminator, og, g_noise)
        g_losses += [g_loss.item()]
        d_losses += [d_loss.item()]
        (on_step or (lambda *a: None))(step, g_losses[-1], d_losses[-1])
    return {"generator": g_losses, "discriminator": d_losses}
