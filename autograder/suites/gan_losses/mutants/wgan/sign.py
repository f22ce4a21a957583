# wrong: the critic is trained to prefer fakes; hint: Is the sign right
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return real_scores.mean() - fake_scores.mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
