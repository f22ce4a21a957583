# wrong: the penalty is squared once more; hint: a square already
# visible check: passes
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return wgan_discriminator_loss(real_scores, fake_scores) + weight * penalty**2


def wgan_gp_generator_loss(fake_scores):
    return wgan_generator_loss(fake_scores)
