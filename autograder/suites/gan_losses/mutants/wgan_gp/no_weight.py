# wrong: the weight is left out; hint: multiplied by the weight
# visible check: fails
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return wgan_discriminator_loss(real_scores, fake_scores) + penalty


def wgan_gp_generator_loss(fake_scores):
    return wgan_generator_loss(fake_scores)
