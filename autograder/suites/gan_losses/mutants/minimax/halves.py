# wrong: the average of both terms, as in the assignments before; hint: average the two terms
# visible check: fails
def minimax_discriminator_loss(real_logits, fake_logits):
    real_loss = -F.logsigmoid(real_logits).mean()
    fake_loss = -F.logsigmoid(-fake_logits).mean()
    return (real_loss + fake_loss) / 2


def minimax_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits).mean()
