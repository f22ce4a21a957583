# wrong: the weight counts everything; hint: It is the penalty alone
# visible check: fails
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return weight * (fake_scores.mean() - real_scores.mean() + penalty)


def wgan_gp_generator_loss(fake_scores):
    return -fake_scores.mean()
