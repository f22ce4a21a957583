# wrong: one difference for each pair; hint: as many real as fake
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return (fake_scores - real_scores).mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
