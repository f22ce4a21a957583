# wrong: the bracket's sign as in the lecture's table; hint: target of the real samples 1? Mind the sign
# visible check: fails
def lsgan_discriminator_loss(real_scores, fake_scores):
    real_loss = ((real_scores + 1) ** 2).mean() / 2
    fake_loss = (fake_scores**2).mean() / 2
    return real_loss + fake_loss


def lsgan_generator_loss(fake_scores):
    return ((fake_scores - 1) ** 2).mean() / 2
