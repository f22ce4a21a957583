# wrong: one average over both cycles; hint: an average of its own
# visible check: passes
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_b = g_ab(real_a)
    fake_a = g_ba(real_b)
    fooling = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycles = 2 * cycle_loss(torch.cat([g_ba(fake_b), g_ab(fake_a)]), torch.cat([real_a, real_b]))
    identities = identity_loss(g_ab, real_b) + identity_loss(g_ba, real_a)
    return fooling + cycle_weight * cycles + cycle_weight * identity_weight * identities
