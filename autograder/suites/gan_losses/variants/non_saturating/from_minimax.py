# right: the generator's loss made of the minimax one, of turned logits
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return -minimax_generator_loss(-real_logits) - minimax_generator_loss(fake_logits)


def non_saturating_generator_loss(fake_logits):
    return -minimax_generator_loss(-fake_logits)
