# wrong: a Python number instead of a tensor; hint: expected a tensor of shape ()
# visible check: passes
def non_saturating_discriminator_loss(real_logits, fake_logits):
    return minimax_discriminator_loss(real_logits, fake_logits)


def non_saturating_generator_loss(fake_logits):
    return -F.logsigmoid(fake_logits).mean().item()
