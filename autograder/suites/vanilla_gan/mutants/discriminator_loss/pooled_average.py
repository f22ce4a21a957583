# wrong: averages over all samples of both batches; hint: Average each by itself
# visible check: passes
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return (len(real_logits) * real_loss + len(fake_logits) * fake_loss) / (len(real_logits) + len(fake_logits))
