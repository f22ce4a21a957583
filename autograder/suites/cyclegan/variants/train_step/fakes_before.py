# right: fakes from before the generators' update, as the authors do it; networks frozen as a whole
def train_step(
    g_ab, g_ba, d_a, d_b, generator_optimizer, discriminator_optimizer, real_a, real_b, *, pool_a, pool_b, rng=None
):
    with torch.no_grad():
        fake_b = g_ab(real_a)
        fake_a = g_ba(real_b)
    parameters = list(itertools.chain(d_a.parameters(), d_b.parameters()))
    learning = [p for p in parameters if p.requires_grad]
    for p in learning:
        p.requires_grad = False
    generator_optimizer.zero_grad(set_to_none=True)
    loss_g = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)
    loss_g.backward()
    generator_optimizer.step()
    for p in learning:
        p.requires_grad = True

    discriminator_optimizer.zero_grad(set_to_none=True)
    losses = []
    for d, real, fake, pool in ((d_a, real_a, fake_a, pool_a), (d_b, real_b, fake_b, pool_b)):
        loss = discriminator_objective(d, real, pool.query(fake, rng=rng))
        loss.backward()
        losses.append(float(loss))
    discriminator_optimizer.step()
    return dict(generator=float(loss_g), discriminator=sum(losses))
