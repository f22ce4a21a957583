# right: cross-entropy of two classes, one of which always has the logit 0
def _pair(logits):
    return torch.stack([torch.zeros_like(logits), logits], dim=1)


def minimax_discriminator_loss(real_logits, fake_logits):
    real = F.cross_entropy(_pair(real_logits), torch.ones(real_logits.shape[0], dtype=torch.long))
    fake = F.cross_entropy(_pair(fake_logits), torch.zeros(fake_logits.shape[0], dtype=torch.long))
    return real + fake


def minimax_generator_loss(fake_logits):
    return F.log_softmax(_pair(fake_logits), dim=1)[:, 0].mean()
