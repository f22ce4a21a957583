# right: real images of both domains in one call for each generator
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    n, m = len(real_a), len(real_b)
    fake_b, same_b = g_ab(torch.cat([real_a, real_b])).split([n, m])
    fake_a, same_a = g_ba(torch.cat([real_b, real_a])).split([m, n])
    adversarial = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycle = cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b)
    identity = cycle_loss(same_b, real_b) + cycle_loss(same_a, real_a)
    return adversarial + cycle_weight * (cycle + identity_weight * identity)
