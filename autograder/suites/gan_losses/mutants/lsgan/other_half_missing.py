# wrong: the fake term without its half; hint: not for the first alone
# visible check: fails
def lsgan_discriminator_loss(real_scores, fake_scores):
    real_loss = ((real_scores - 1) ** 2).mean() / 2
    fake_loss = (fake_scores**2).mean()
    return real_loss + fake_loss


def lsgan_generator_loss(fake_scores):
    return ((fake_scores - 1) ** 2).mean() / 2
