# right: the maximum taken out by hand
def _log_sigmoid(s):
    return torch.clamp(s, max=0) - torch.log1p(torch.exp(-s.abs()))


def minimax_discriminator_loss(real_logits, fake_logits):
    loss = -_log_sigmoid(real_logits).sum() / real_logits.numel()
    loss -= _log_sigmoid(-fake_logits).sum() / fake_logits.numel()
    return loss


def minimax_generator_loss(fake_logits):
    return torch.mean(_log_sigmoid(-fake_logits), dim=0)
