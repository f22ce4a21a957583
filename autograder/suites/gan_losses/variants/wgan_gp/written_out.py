# right: everything written out
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return fake_scores.mean() - real_scores.mean() + weight * penalty


def wgan_gp_generator_loss(fake_scores):
    return -fake_scores.mean()
