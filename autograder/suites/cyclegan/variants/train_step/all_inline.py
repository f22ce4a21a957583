# right: a context that freezes, all terms of the objective inline, fakes used again
from contextlib import contextmanager
@contextmanager
def frozen(*networks):
    saved = [(p, p.requires_grad) for network in networks for p in network.parameters()]
    try:
        for p, _ in saved:
            p.requires_grad = False
        yield
    finally:
        for p, flag in saved:
            p.requires_grad = flag
def train_step(g_ab, g_ba, d_a, d_b, generator_optimizer, discriminator_optimizer, real_a, real_b, *, pool_a, pool_b, rng=None):
    with frozen(d_a, d_b):
        fake_b, fake_a = g_ab(real_a), g_ba(real_b)
        loss_g = (adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
            + 10.0 * (cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b))
            + 10.0 * 0.5 * (identity_loss(g_ab, real_b) + identity_loss(g_ba, real_a)))
        generator_optimizer.zero_grad(set_to_none=False)
        loss_g.backward()
        generator_optimizer.step()
    loss_d = sum(discriminator_objective(d, real, pool.query(fake.detach(), rng=rng))
        for d, real, pool, fake in ((d_a, real_a, pool_a, fake_a), (d_b, real_b, pool_b, fake_b)))
    discriminator_optimizer.zero_grad(set_to_none=False)
    loss_d.backward()
    discriminator_optimizer.step()
    return dict(generator=float(loss_g), discriminator=float(loss_d))
