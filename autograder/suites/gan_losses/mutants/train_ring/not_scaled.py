# wrong: the ring is moved to zero, but keeps its size; hint: wherever it is
# visible check: passes
def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    if name not in ("minimax", "non_saturating", "wgan", "wgan_gp", "lsgan", "dragan", "began"):
        raise ValueError(f"train_ring: unknown loss {name!r}")
    offset = centers.mean(dim=0)
    scale = 1.0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch.randint(2**31, (), generator=rng).item())
        generator = make_layers(NOISE_DIM, 64, 64, 2)
        judge = make_layers(2, 64, 64, 1)
        if name == "began":
            judge = nn.Sequential(make_layers(2, 64, 1), make_layers(1, 64, 2))
    average = AveragedModel(generator, multi_avg_fn=get_ema_multi_avg_fn(0.98))
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=3e-3, betas=(0.0, 0.9), fused=True)
    judge_optimizer = torch.optim.Adam(judge.parameters(), lr=6e-3, betas=(0.0, 0.9), fused=True)
    k = 0.0
    for _ in range(steps):
        real = (sample_ring(centers, 128, sigma=sigma, rng=rng) - offset) / scale
        fake = generator(torch.randn(128, NOISE_DIM, generator=rng)).detach()
        loss, k = judge_loss(name, judge, real, fake, k, rng)
        judge_optimizer.zero_grad()
        loss.backward()
        judge_optimizer.step()
        if name == "wgan":
            clip_weights(judge, 0.1)
        fake = generator(torch.randn(128, NOISE_DIM, generator=rng))
        loss = forger_loss(name, judge, fake)
        generator_optimizer.zero_grad()
        loss.backward()
        generator_optimizer.step()
        average.update_parameters(generator)
    with torch.no_grad():
        return average(torch.randn(2000, NOISE_DIM, generator=rng)) * scale + offset


NOISE_DIM = 4


def make_layers(*widths):
    layers = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def judge_loss(name, judge, real, fake, k, rng):
    if name == "began":
        real_error = reconstruction_error(real, judge(real))
        fake_error = reconstruction_error(fake, judge(fake))
        return began_discriminator_loss(real_error, fake_error, k), update_k(k, real_error, fake_error, rate=0.05)
    real_scores, fake_scores = judge(real).squeeze(1), judge(fake).squeeze(1)
    if name == "minimax":
        return minimax_discriminator_loss(real_scores, fake_scores), k
    if name == "non_saturating":
        return non_saturating_discriminator_loss(real_scores, fake_scores), k
    if name == "wgan":
        return wgan_discriminator_loss(real_scores, fake_scores), k
    if name == "wgan_gp":
        penalty = gradient_penalty(judge, real, fake, rng=rng)
        return wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=0.1), k
    if name == "lsgan":
        return lsgan_discriminator_loss(real_scores, fake_scores), k
    penalty = dragan_penalty(judge, real, rng=rng)
    return dragan_discriminator_loss(real_scores, fake_scores, penalty, weight=0.1), k


def forger_loss(name, judge, fake):
    if name == "began":
        return began_generator_loss(reconstruction_error(fake, judge(fake)))
    losses = {
        "minimax": minimax_generator_loss,
        "non_saturating": non_saturating_generator_loss,
        "wgan": wgan_generator_loss,
        "wgan_gp": wgan_gp_generator_loss,
        "lsgan": lsgan_generator_loss,
        "dragan": dragan_generator_loss,
    }
    return losses[name](judge(fake).squeeze(1))
