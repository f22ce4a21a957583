# wrong: both means added; hint: both terms have the right sign
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return fake_scores.mean() + real_scores.mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
