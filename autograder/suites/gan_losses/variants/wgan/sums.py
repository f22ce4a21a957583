# right: sums over sizes
def wgan_discriminator_loss(real_scores, fake_scores):
    real = real_scores.sum() / real_scores.size(0)
    fake = fake_scores.sum() / fake_scores.size(0)
    return -(real - fake)


def wgan_generator_loss(fake_scores):
    return -1 * fake_scores.sum() / fake_scores.size(0)
