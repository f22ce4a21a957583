# wrong: scores instead of probabilities; hint: another number
# visible check: fails
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    return wgan_discriminator_loss(real_logits, fake_logits) + weight * penalty


def dragan_generator_loss(fake_logits):
    return non_saturating_generator_loss(fake_logits)
