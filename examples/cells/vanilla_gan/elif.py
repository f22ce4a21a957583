# Typical mistakes: a sum where the mean belongs, the one half left out. Both are passed on to the exercises that call
# these functions, and cost there nothing again.

# %% bce_with_logits
def bce_with_logits(logits, targets):
    losses = logits.clamp(min=0) - logits * targets + torch.log1p(torch.exp(-logits.abs()))
    return losses.sum()

# %% discriminator_loss
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real_loss + fake_loss
