# right: one direction after the other, in a loop
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    total = 0.0
    for there, back, judge, start, target in ((g_ab, g_ba, d_b, real_a, real_b), (g_ba, g_ab, d_a, real_b, real_a)):
        fake = there(start)
        total = total + adversarial_loss(judge(fake), True)
        total = total + cycle_weight * cycle_loss(back(fake), start)
        total = total + cycle_weight * identity_weight * identity_loss(there, target)
    return total
