# wrong: the logarithm of an average; hint: average before the loss
# visible check: passes
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def non_saturating_generator_loss(fake_logits):
    return F.softplus(-fake_logits.mean())
