# wrong: scores as probabilities; hint: sigmoid
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return fake_scores.sigmoid().mean() - real_scores.sigmoid().mean()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
