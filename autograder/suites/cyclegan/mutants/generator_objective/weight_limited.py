# wrong: cycle_weight counts up to 10 only; hint: Is cycle_weight used as it is given
# visible check: passes
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    """Both adversarial losses + cycle_weight * (both cycle losses + identity_weight * both identity losses).

    g_ab makes B of A, g_ba makes A of B; d_a and d_b score images of A and of B.
    Shapes: real_a (n, channels, h, w), real_b (m, channels, h, w) -> (), with gradients.
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 3.3 and 5.2; cycle_weight is the paper's lambda.
    """
    cycle_weight = min(cycle_weight, 10.0)
    fake_b = g_ab(real_a)  # (n, channels, h, w)
    fake_a = g_ba(real_b)  # (m, channels, h, w)
    fooling = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycles = cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b)
    identities = identity_loss(g_ab, real_b) + identity_loss(g_ba, real_a)
    return fooling + cycle_weight * cycles + cycle_weight * identity_weight * identities
