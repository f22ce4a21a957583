# wrong: no gradient for fakes; hint: detach the fake scores
# visible check: passes
def wgan_discriminator_loss(real_scores, fake_scores):
    return fake_scores.detach().mean() - real_scores.mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
