# wrong: real and fake swapped; hint: Is the sign right
# visible check: fails
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    return wgan_discriminator_loss(fake_scores, real_scores) + weight * penalty


def wgan_gp_generator_loss(fake_scores):
    return wgan_generator_loss(fake_scores)
