# wrong: targets of the fakes sized like the real batch; hint: targets of the fakes have the size of the fake batch
# visible check: fails
def discriminator_loss(real_logits, fake_logits):
    real_loss = bce_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(real_logits))
    return (real_loss + fake_loss) / 2
