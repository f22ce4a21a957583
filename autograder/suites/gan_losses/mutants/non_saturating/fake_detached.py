# wrong: no gradient for fakes; hint: detach the fake logits
# visible check: passes
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()


def non_saturating_generator_loss(fake_logits):
    return F.softplus(-fake_logits).mean()
