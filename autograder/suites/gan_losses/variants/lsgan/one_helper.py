# right: one function for any target, scalar products
def _half_square(scores, target):
    gap = scores - target
    return gap @ gap / (2 * len(gap))


def lsgan_discriminator_loss(real_scores, fake_scores):
    return _half_square(real_scores, 1.0) + _half_square(fake_scores, 0.0)


def lsgan_generator_loss(fake_scores):
    return _half_square(fake_scores, 1.0)
