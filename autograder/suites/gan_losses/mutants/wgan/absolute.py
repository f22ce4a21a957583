# wrong: a distance is never negative; hint: Is the sign right
# visible check: passes
def wgan_discriminator_loss(real_scores, fake_scores):
    return -(fake_scores.mean() - real_scores.mean()).abs()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
