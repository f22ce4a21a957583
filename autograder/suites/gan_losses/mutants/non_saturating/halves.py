# wrong: the average of both terms; hint: average the two terms
# visible check: fails
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return minimax_discriminator_loss(real_logits, fake_logits) / 2


def non_saturating_generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits).mean()
