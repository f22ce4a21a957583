# wrong: the penalty as a Python number trains nothing; hint: detach the penalty
# visible check: passes
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return fake_scores.mean() - real_scores.mean() + weight * penalty.item()


def wgan_gp_generator_loss(fake_scores):
    return -fake_scores.mean()
