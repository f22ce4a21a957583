# wrong: the critic is trained to prefer fakes; hint: Is the sign right
# visible check: fails
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return real_scores.mean() - fake_scores.mean() + weight * penalty


def wgan_gp_generator_loss(fake_scores):
    return -fake_scores.mean()
