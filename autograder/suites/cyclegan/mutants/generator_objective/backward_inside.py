# wrong: gradients gathered in the networks on the way; hint: only compute the loss
# visible check: fails
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_b = g_ab(real_a)
    fake_a = g_ba(real_b)
    fooling = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycles = cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b)
    identities = identity_loss(g_ab, real_b) + identity_loss(g_ba, real_a)
    cycles.backward(retain_graph=True)
    return fooling + cycle_weight * cycles + cycle_weight * identity_weight * identities
