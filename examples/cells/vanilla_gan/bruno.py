# Everything right, in a style of his own: Sequential, closed forms, gradients taken by autograd.

# %% sample_noise
sample_noise = lambda batch_size, noise_dim, *, rng=None, device=None: torch.normal(
    0.0, 1.0, (batch_size, noise_dim), generator=rng, device=rng.device if rng is not None else device
).to(device or (rng.device if rng is not None else "cpu"))

# %% generator
class Generator(nn.Sequential):
    def __init__(self, noise_dim=100, hidden_dim=128):
        super().__init__(
            nn.Linear(noise_dim, hidden_dim),
            nn.LeakyReLU(),  # 0.01 is what it does anyway
            nn.Linear(hidden_dim, 784),
            nn.Tanh(),
            nn.Unflatten(1, (1, 28, 28)),
        )

# %% discriminator
class Discriminator(nn.Module):
    def __init__(self, hidden_dim=128):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, hidden_dim), nn.LeakyReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, images):
        return self.net(images)[:, 0]

# %% bce_with_logits
def bce_with_logits(logits, targets):
    # softplus(s) = log(1 + exp(s)), and BCE(s, t) = softplus(s) - s t
    return (F.softplus(logits) - logits * targets).mean()

# %% discriminator_loss
def discriminator_loss(real_logits, fake_logits):
    return 0.5 * F.softplus(-real_logits).mean() + 0.5 * F.softplus(fake_logits).mean()

# %% minimax_generator_loss
def minimax_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits).mean()

# %% generator_loss
def generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits).mean()

# %% saturation
def saturation(logits):
    s = logits.detach().clone().requires_grad_()
    with torch.enable_grad():
        minimax, = torch.autograd.grad(F.logsigmoid(-s).sum(), s)
        other, = torch.autograd.grad(-F.logsigmoid(s).sum(), s)
    return minimax, other

# %% discriminator_step
def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    optimizer.zero_grad()
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    loss.backward()
    optimizer.step()
    return loss.detach()

# %% generator_step
def generator_step(generator, discriminator, optimizer, noise):
    judged_by = list(discriminator.parameters())
    flags = [p.requires_grad for p in judged_by]
    try:
        for p in judged_by:
            p.requires_grad = False
        loss = generator_loss(discriminator(generator(noise)))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    finally:
        for p, flag in zip(judged_by, flags):
            p.requires_grad = flag
    return loss.detach()

# %% train
def train(generator, discriminator, loader, *, noise_dim, epochs, discriminator_steps=1, learning_rate=1e-3,
          betas=(0.5, 0.999), rng=None, on_step=None):
    where = next(generator.parameters()).device
    adam_g, adam_d = (
        torch.optim.Adam(network.train().parameters(), lr=learning_rate, betas=betas, weight_decay=1e-5)
        for network in (generator, discriminator)
    )
    history = {"generator": [], "discriminator": []}
    step = 0
    for epoch in range(epochs):
        for batch in loader:
            real = (batch if torch.is_tensor(batch) else batch[0]).to(where)
            for _ in range(discriminator_steps):
                z = sample_noise(real.shape[0], noise_dim, rng=rng, device=where)
                d = float(discriminator_step(generator, discriminator, adam_d, real, z))
            z = sample_noise(real.shape[0], noise_dim, rng=rng, device=where)
            g = float(generator_step(generator, discriminator, adam_g, z))
            history["generator"] += [g]
            history["discriminator"] += [d]
            step += 1
            if on_step:
                on_step(step, g, d)
    return history

# %% best_samples
@torch.no_grad()
def best_samples(generator, discriminator, noise, count):
    before = {m: m.training for net in (generator, discriminator) for m in net.modules()}
    images = generator.eval()(noise)
    _, best = discriminator.eval()(images).topk(count)
    for m, mode in before.items():
        m.training = mode
    return images[best]

# %% comparison
# After training the grey noise has become digits, though many have loose white pixels and broken strokes. The
# discriminator stays a little under log 2 and the generator a little over it. Both only say how one network does against
# the other one at that moment, so a lower curve need not mean better pictures. I would look at samples, or ask a
# classifier that was trained on real digits.
