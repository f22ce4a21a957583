# right: without the functions of before
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_b, fake_a = g_ab(real_a), g_ba(real_b)
    loss_gan = (d_b(fake_b) - 1).square().mean() + (d_a(fake_a) - 1).square().mean()
    loss_cycle = F.l1_loss(g_ba(fake_b), real_a) + F.l1_loss(g_ab(fake_a), real_b)
    loss_identity = F.l1_loss(g_ba(real_a), real_a) + F.l1_loss(g_ab(real_b), real_b)
    return loss_gan + cycle_weight * (loss_cycle + identity_weight * loss_identity)
