# right: logaddexp with zero
def minimax_discriminator_loss(real_logits, fake_logits):
    zero = real_logits.new_zeros(())
    return torch.logaddexp(zero, -real_logits).mean() + torch.logaddexp(zero, fake_logits).mean()


def minimax_generator_loss(fake_logits):
    return -torch.logaddexp(fake_logits, torch.zeros_like(fake_logits)).mean()
