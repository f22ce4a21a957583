# wrong: nothing is learned from real pictures; hint: detach the real logits
# visible check: passes
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits.detach(), torch.ones_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return (real_loss + fake_loss) / 2
