# right: epochs chained into one stream, steps counted by enumerate, both optimizers by partial
from functools import partial
from itertools import chain, repeat


def train(generator, discriminator, loader, *, noise_dim, epochs, discriminator_steps=1, learning_rate=1e-3,
          betas=(0.5, 0.999), rng=None, on_step=None):
    adam = partial(torch.optim.Adam, lr=learning_rate, betas=tuple(betas), weight_decay=1e-5)
    optimizers = {"generator": adam(generator.parameters()), "discriminator": adam(discriminator.parameters())}
    for network in (generator, discriminator):
        network.train()
    device = next(iter(generator.parameters())).device
    history = {name: [] for name in optimizers}
    stream = chain.from_iterable(repeat(loader, epochs))
    for step, batch in enumerate(stream, start=1):
        real = (batch[0] if isinstance(batch, (tuple, list)) else batch).to(device)
        draw = lambda: sample_noise(real.shape[0], noise_dim, rng=rng, device=device)
        d_losses = [
            discriminator_step(generator, discriminator, optimizers["discriminator"], real, draw())
            for _ in range(discriminator_steps)
        ]
        g_loss = generator_step(generator, discriminator, optimizers["generator"], draw())
        history["discriminator"].append(float(d_losses[-1]))
        history["generator"].append(float(g_loss))
        if on_step is not None:
            on_step(step, history["generator"][-1], history["discriminator"][-1])
    return history
