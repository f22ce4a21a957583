# wrong: a Python number instead of a tensor; hint: expected a tensor of shape ()
# visible check: fails
def wgan_discriminator_loss(real_scores, fake_scores):
    return (fake_scores.mean() - real_scores.mean()).item()


def wgan_generator_loss(fake_scores):
    return -fake_scores.mean()
