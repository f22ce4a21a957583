# right: fakes made anew for each loss, a list of terms
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    terms = [
        adversarial_loss(d_a(g_ba(real_b)), is_real=True),
        adversarial_loss(d_b(g_ab(real_a)), is_real=True),
        cycle_loss(reconstructed=g_ba(g_ab(real_a)), original=real_a) * cycle_weight,
        cycle_loss(reconstructed=g_ab(g_ba(real_b)), original=real_b) * cycle_weight,
        identity_loss(generator=g_ba, target_domain_images=real_a) * cycle_weight * identity_weight,
        identity_loss(generator=g_ab, target_domain_images=real_b) * cycle_weight * identity_weight,
    ]
    return torch.stack(terms).sum()
