# right: each generator sees its two batches as one
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    fake_b, same_b = g_ab(torch.cat([real_a, real_b])).split([len(real_a), len(real_b)])
    fake_a, same_a = g_ba(torch.cat([real_b, real_a])).split([len(real_b), len(real_a)])
    loss = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    if cycle_weight > 0:
        loss = loss + cycle_weight * (cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b))
        loss = loss + cycle_weight * identity_weight * (cycle_loss(same_a, real_a) + cycle_loss(same_b, real_b))
    return loss
