# right: on the minimax loss of the discriminator, the generator's another name
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    loss = minimax_discriminator_loss(real_logits, fake_logits)
    return loss.add(penalty, alpha=weight)


dragan_generator_loss = non_saturating_generator_loss
