# wrong: the penalty trains nothing; hint: detach the penalty
# visible check: passes
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return non_saturating_discriminator_loss(real_logits, fake_logits) + weight * float(penalty)


def dragan_generator_loss(fake_logits):
    return non_saturating_generator_loss(fake_logits)
