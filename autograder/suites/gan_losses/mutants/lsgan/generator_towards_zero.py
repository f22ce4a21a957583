# wrong: the generator wants to be caught; hint: Which target does the generator want
# visible check: passes
def lsgan_discriminator_loss(real_scores, fake_scores):
    real_loss = ((real_scores - 1) ** 2).mean() / 2
    fake_loss = (fake_scores**2).mean() / 2
    return real_loss + fake_loss


def lsgan_generator_loss(fake_scores):
    return (fake_scores**2).mean() / 2
