# wrong: a new rng in each step; hint: rng that was handed over
# visible check: passes
def train_step(
    g_ab,
    g_ba,
    d_a,
    d_b,
    generator_optimizer,
    discriminator_optimizer,
    real_a,
    real_b,
    *,
    pool_a,
    pool_b,
    rng=None,
):
    """Update both generators once, with the discriminators frozen, then both discriminators once.

    One optimizer for both generators, one for both discriminators. pool_a holds images that g_ba made, pool_b those of
    g_ab; rng is for the pools. Shapes: real_a (n, channels, h, w), real_b (m, channels, h, w).
    Returns {"generator": generator_objective, "discriminator": the sum of both discriminator_objectives}, as floats.
    """
    rng = torch.Generator().manual_seed(0)
    parameters = [*d_a.parameters(), *d_b.parameters()]
    flags = [parameter.requires_grad for parameter in parameters]
    for parameter in parameters:
        parameter.requires_grad_(False)  # gradients pass through the discriminators, none stays in them
    generator_loss = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)  # ()
    generator_optimizer.zero_grad()
    generator_loss.backward()
    generator_optimizer.step()
    for parameter, flag in zip(parameters, flags, strict=True):
        parameter.requires_grad_(flag)

    with torch.no_grad():
        fake_a, fake_b = g_ba(real_b), g_ab(real_a)  # (m, channels, h, w), (n, channels, h, w)
    loss_a = discriminator_objective(d_a, real_a, pool_a.query(fake_a, rng=rng))  # ()
    loss_b = discriminator_objective(d_b, real_b, pool_b.query(fake_b, rng=rng))  # ()
    discriminator_loss = loss_a + loss_b
    discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    discriminator_optimizer.step()
    return {"generator": generator_loss.item(), "discriminator": discriminator_loss.item()}
