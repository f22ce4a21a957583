# wrong: the minimax loss of the generator; hint: Is this the minimax loss
# visible check: fails
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return minimax_discriminator_loss(real_logits, fake_logits)


def non_saturating_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits).mean()
