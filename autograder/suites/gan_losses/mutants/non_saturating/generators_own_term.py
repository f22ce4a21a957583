# wrong: the discriminator's term for fakes is the generator's; hint: Are the fakes' logits taken for real ones
# visible check: passes
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(-fake_logits).mean()


def non_saturating_generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()
