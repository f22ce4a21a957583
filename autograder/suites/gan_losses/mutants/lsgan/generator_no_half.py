# wrong: the generator's half is left out; hint: Is the factor 1/2 there
# visible check: fails
def lsgan_discriminator_loss(real_scores, fake_scores):
    real_loss = ((real_scores - 1) ** 2).mean() / 2
    fake_loss = (fake_scores**2).mean() / 2
    return real_loss + fake_loss


def lsgan_generator_loss(fake_scores):
    return ((fake_scores - 1) ** 2).mean()
