# wrong: both sums divided by the size of the real batch; hint: divided by the size of one
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    real = real_scores.sum() / real_scores.size(0)
    fake = fake_scores.sum() / real_scores.size(0)
    return -(real - fake)


def wgan_generator_loss(fake_scores):
    return -1 * fake_scores.sum() / fake_scores.size(0)
