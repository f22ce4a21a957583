# right: tables of functions, weights filled by nn.init, an average kept by hand, no fused Adam
GAMES = {
    "minimax": (minimax_discriminator_loss, minimax_generator_loss),
    "non_saturating": (non_saturating_discriminator_loss, non_saturating_generator_loss),
    "wgan": (wgan_discriminator_loss, wgan_generator_loss),
    "wgan_gp": (wgan_gp_discriminator_loss, wgan_gp_generator_loss),
    "lsgan": (lsgan_discriminator_loss, lsgan_generator_loss),
    "dragan": (dragan_discriminator_loss, dragan_generator_loss),
    "began": (began_discriminator_loss, began_generator_loss),
}


def _network(sizes, rng):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layer = nn.Linear(a, b)
        nn.init.kaiming_uniform_(layer.weight, a=5**0.5, generator=rng)
        nn.init.uniform_(layer.bias, -(a**-0.5), a**-0.5, generator=rng)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    if name not in GAMES:
        raise ValueError(name)
    on_judge, on_generator = GAMES[name]
    middle = centers.mean(0)
    unit = torch.dist(centers[0], middle) / 2
    generator = _network([2, 64, 64, 2], rng)
    judge = _network([2, 64, 1, 64, 2] if name == "began" else [2, 64, 64, 1], rng)
    slow = [p.detach().clone() for p in generator.parameters()]
    adam_g = torch.optim.Adam(generator.parameters(), 3e-3, betas=(0.0, 0.9))
    adam_d = torch.optim.Adam(judge.parameters(), 6e-3, betas=(0.0, 0.9))
    k = 0.0

    def batch():
        which = torch.randint(8, (128,), generator=rng)
        return (centers[which] + sigma * torch.randn(128, 2, generator=rng) - middle) / unit

    def forge():
        return generator(torch.randn(128, 2, generator=rng))

    for _ in range(steps):
        real, fake = batch(), forge().detach()
        if name == "began":
            errors = [reconstruction_error(x, judge(x)) for x in (real, fake)]
            loss = on_judge(*errors, k)
            k = update_k(k, *errors, rate=0.05)
        else:
            extra = ()
            if name == "wgan_gp":
                extra = (gradient_penalty(judge, real, fake, rng=rng), 0.1)
            elif name == "dragan":
                extra = (dragan_penalty(judge, real, rng=rng), 0.1)
            loss = on_judge(judge(real)[:, 0], judge(fake)[:, 0], *extra)
        adam_d.zero_grad()
        loss.backward()
        adam_d.step()
        if name == "wgan":
            clip_weights(judge, 0.1)
        fake = forge()
        loss = on_generator(reconstruction_error(fake, judge(fake)) if name == "began" else judge(fake)[:, 0])
        adam_g.zero_grad()
        loss.backward()
        adam_g.step()
        for old, new in zip(slow, generator.parameters()):
            old.lerp_(new.detach(), 0.02)
    for old, new in zip(slow, generator.parameters()):
        new.data = old
    return (forge_many(generator, rng) * unit + middle).detach()


def forge_many(generator, rng):
    return generator(torch.randn(2000, 2, generator=rng))
