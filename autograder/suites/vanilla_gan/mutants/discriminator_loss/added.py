# wrong: sum of both terms; hint: Did you add the two terms
# visible check: fails
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real_loss + fake_loss
