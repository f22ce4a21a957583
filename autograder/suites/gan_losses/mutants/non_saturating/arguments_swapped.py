# wrong: real and fake swapped; hint: swap real and fake
# visible check: passes
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return minimax_discriminator_loss(fake_logits, real_logits)


def non_saturating_generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits).mean()
