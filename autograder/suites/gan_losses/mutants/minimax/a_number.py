# wrong: a Python number instead of a tensor; hint: expected a tensor of shape ()
# visible check: fails
def minimax_discriminator_loss(real_logits, fake_logits):
    real_loss = -F.logsigmoid(real_logits).mean()
    fake_loss = -F.logsigmoid(-fake_logits).mean()
    return (real_loss + fake_loss).item()


def minimax_generator_loss(fake_logits):
    return F.logsigmoid(-fake_logits).mean()
