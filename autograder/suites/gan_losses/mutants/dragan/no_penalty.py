# wrong: the penalty is left out; hint: leave out the penalty
# visible check: fails
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return non_saturating_discriminator_loss(real_logits, fake_logits)


def dragan_generator_loss(fake_logits):
    return non_saturating_generator_loss(fake_logits)
