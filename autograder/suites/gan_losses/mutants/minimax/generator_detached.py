# wrong: no gradient for the generator; hint: detach the fake logits
# visible check: passes
def minimax_discriminator_loss(real_logits, fake_logits):
    real_loss = -F.logsigmoid(real_logits).mean()
    fake_loss = -F.logsigmoid(-fake_logits).mean()
    return real_loss + fake_loss


def minimax_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits.detach()).mean()
