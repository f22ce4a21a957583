# right: gradients to the generators only, nothing has to be frozen
def train_step(
    g_ab, g_ba, d_a, d_b, generator_optimizer, discriminator_optimizer, real_a, real_b, *, pool_a, pool_b, rng=None
):
    generators = [*g_ab.parameters(), *g_ba.parameters()]
    loss = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)
    generator_optimizer.zero_grad()
    loss.backward(inputs=generators)
    generator_optimizer.step()

    fake_a = pool_a.query(g_ba(real_b), rng=rng)
    fake_b = pool_b.query(g_ab(real_a), rng=rng)
    judged = discriminator_objective(d_a, real_a, fake_a) + discriminator_objective(d_b, real_b, fake_b)
    discriminator_optimizer.zero_grad()
    judged.backward()
    discriminator_optimizer.step()
    return {"discriminator": judged.item(), "generator": loss.item()}
